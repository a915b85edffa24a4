import { useMutation, useQuery } from "@tanstack/react-query";
import { Camera } from "lucide-react";
import { useId } from "react";

import { readPhoto, uploadPhoto, type Job, type Photo } from "@/api/jobs";
import { useSyncClient } from "@/sync";
import { buttonClass } from "@/ui/button";
import { useMessages } from "@/ui/messages";
import { reasonOf } from "@/ui/problem";
import { SyncButton } from "@/ui/sync-button";
import page from "@/ui/page.module.css";
import styles from "./job-page.module.css";

const SIDE_PX = 96;

/** The photos of a job. A new one shows when the server has checked it. */
export function Photos({ job }: { readonly job: Job }) {
  const messages = useMessages();
  const { job: words } = messages;
  const { http } = useSyncClient();
  const id = useId();
  const upload = useMutation({ mutationFn: (file: File) => uploadPhoto(http, job.id, file) });
  const photos = [...job.photosMeta, ...job.receiptPhotos];
  return (
    <section className={page.section} aria-labelledby="photos">
      <div className={page.sectionHead}>
        <h2 id="photos" className={page.sectionTitle}>
          {words.photos}
        </h2>
        <span className={page.count}>{photos.length}</span>
        <label
          htmlFor={id}
          className={buttonClass("secondary", "small", page.push)}
          aria-busy={upload.isPending}
        >
          <Camera size={14} aria-hidden="true" />
          {words.addPhoto}
        </label>
        <input
          id={id}
          className={styles.file}
          type="file"
          accept="image/*"
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file !== undefined) upload.mutate(file);
            target.value = "";
          }}
        />
      </div>
      {photos.length === 0 && <p className={page.nothing}>{words.noPhotos}</p>}
      {upload.isPending && (
        <p role="status" className={page.nothing}>
          {words.uploading}
        </p>
      )}
      {upload.error !== null && (
        <p role="alert" className={styles.error}>
          {reasonOf(messages, upload.error)}
        </p>
      )}
      <ul className={styles.photos}>
        {photos.map((photo, at) => (
          <li key={photo.id} className={styles.photo}>
            <Shown jobId={job.id} photo={photo} />
            <Remove job={job} photo={photo} name={photo.name ?? words.nthPhoto(at + 1)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ShownProps {
  readonly jobId: string;
  readonly photo: Photo;
}

/** Its address is good for some minutes: asked for when it is looked at. */
function Shown({ jobId, photo: { id, name } }: ShownProps) {
  const { job: words } = useMessages();
  const { http } = useSyncClient();
  const path = `/api/jobs/${encodeURIComponent(jobId)}/photos/${encodeURIComponent(id)}`;
  const read = useQuery({
    queryKey: ["photo", path],
    queryFn: ({ signal }) => readPhoto(http, path, signal),
    staleTime: 240_000,
  });
  const label = name ?? words.photos;
  if (read.data === undefined || read.data === "")
    return <span className={styles.blank}>{read.error === null ? "" : label}</span>;
  return (
    <a href={read.data} target="_blank" rel="noreferrer">
      <img src={read.data} alt={label} width={SIDE_PX} height={SIDE_PX} loading="lazy" />
    </a>
  );
}

interface RemoveProps {
  readonly job: Job;
  readonly photo: Photo;
  readonly name: string;
}

/** Takes a photo off the job, after a question: nothing brings it back. */
function Remove({ job, photo: { id }, name }: RemoveProps) {
  const { job: words } = useMessages();
  const others = (photos: readonly Photo[]) => photos.filter((each) => each.id !== id);
  return (
    <SyncButton<Record<string, never>>
      endpoint={`/api/jobs/${encodeURIComponent(job.id)}/photos/${encodeURIComponent(id)}/remove`}
      scope={`jobs/${job.id}`}
      eventTable="jobs"
      body={{}}
      optimistic={() => ({
        table: "jobs",
        id: job.id,
        fields: { photosMeta: others(job.photosMeta), receiptPhotos: others(job.receiptPhotos) },
      })}
      variant="with-confirm"
      confirmTitle={words.removeTitle}
      confirmMessage={words.removeText}
      isDestructive
      successMessage={words.photoRemoved}
      context={name}
      size="small"
      tone="quiet"
    >
      {words.removePhoto}
    </SyncButton>
  );
}
