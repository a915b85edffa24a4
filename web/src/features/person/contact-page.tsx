import { useMessages } from "@/ui/messages";
import { PageHeader } from "@/ui/page-header";
import PersonCard from "./person-card";

/** One contact on a page of its own. */
export default function ContactPage({ id }: { readonly id: string }) {
  const { person } = useMessages();
  return (
    <>
      <PageHeader title={person.contact} />
      <PersonCard key={id} kind="contact" id={id} wide />
    </>
  );
}
