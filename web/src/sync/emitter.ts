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
