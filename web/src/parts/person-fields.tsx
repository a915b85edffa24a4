import { toE164 } from "@/api/phone";
import { Field } from "@/ui/field";
import { useMessages, type Messages } from "@/ui/messages";
import page from "@/ui/page.module.css";

/** A person as a form has them: text as it was typed. */
export interface PersonDraft {
  readonly name: string;
  readonly phone: string;
  readonly email: string;
  readonly source: string;
  readonly notes: string;
}

export interface PersonFieldsProps {
  readonly kind: "contact" | "lead";
  readonly draft: PersonDraft;
  readonly problems: Readonly<Record<"name" | "phone" | "email", string | null>>;
  readonly onChange: (draft: PersonDraft) => void;
}

/** What is known of somebody, to be written. */
export function PersonFields({ kind, draft, problems, onChange }: PersonFieldsProps) {
  const { form } = useMessages();
  const input = (name: keyof PersonDraft) => ({
    className: page.input,
    value: draft[name],
    onChange: ({ target }: { readonly target: { readonly value: string } }) =>
      onChange({ ...draft, [name]: target.value }),
  });
  return (
    <>
      <Field label={form.name} error={problems.name} wide>
        {(ids) => <input {...ids} {...input("name")} autoComplete="off" />}
      </Field>
      <Field label={form.phone} error={problems.phone}>
        {(ids) => <input {...ids} {...input("phone")} type="tel" autoComplete="off" />}
      </Field>
      <Field label={form.email} error={problems.email} optional>
        {(ids) => <input {...ids} {...input("email")} type="email" autoComplete="off" />}
      </Field>
      {kind === "lead" && (
        <Field label={form.source} optional wide>
          {(ids) => <input {...ids} {...input("source")} autoComplete="off" />}
        </Field>
      )}
      <Field label={form.notes} optional wide>
        {(ids) => <textarea {...ids} {...input("notes")} rows={3} />}
      </Field>
    </>
  );
}

/** What is wrong with a number as it was typed; null: nothing. */
export function phoneProblem({ form }: Messages, typed: string): string | null {
  if (typed.trim() === "") return form.required;
  return toE164(typed) === null ? form.badPhone : null;
}

export function emailProblem({ form }: Messages, typed: string): string | null {
  const isFine = typed.trim() === "" || /^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$/.test(typed.trim());
  return isFine ? null : form.badEmail;
}
