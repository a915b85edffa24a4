import { faults } from "./faults";

/** Listeners of one kind of event. One that throws is reported and stops no other. */
export class Emitter<T> {
  private readonly listeners = new Set<(event: T) => void>();

  get size(): number {
    return this.listeners.size;
  }

  /** Adds a listener; call what it returns to remove it. */
  on(listener: (event: T) => void): () => void {
    // A wrapper of its own: one function may listen twice and leave once.
    const own = (event: T): void => {
      listener(event);
    };
    this.listeners.add(own);
    return () => {
      this.listeners.delete(own);
    };
  }

  emit(event: T): void {
    for (const listener of [...this.listeners]) {
      try {
        listener(event);
      } catch (error) {
        faults.report(error);
      }
    }
  }
}

/** Listeners by topic: with a thousand rows on the screen, a change of one calls the listeners of one. */
export class TopicEmitter<T> {
  private readonly topics = new Map<string, Emitter<T>>();

  on(topic: string, listener: (event: T) => void): () => void {
    const emitter = this.topics.get(topic) ?? new Emitter<T>();
    this.topics.set(topic, emitter);
    const remove = emitter.on(listener);
    return () => {
      remove();
      if (emitter.size === 0 && this.topics.get(topic) === emitter) this.topics.delete(topic);
    };
  }

  /** How many topics somebody listens to. */
  get size(): number {
    return this.topics.size;
  }

  emit(topic: string, event: T): void {
    this.topics.get(topic)?.emit(event);
  }
}
