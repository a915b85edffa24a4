import { useMessages } from "@/ui/messages";
import { PageHeader } from "@/ui/page-header";
import PersonCard from "./person-card";

/** One lead on a page of its own. */
export default function LeadPage({ id }: { readonly id: string }) {
  const { person } = useMessages();
  return (
    <>
      <PageHeader title={person.lead} />
      <PersonCard key={id} kind="lead" id={id} wide />
    </>
  );
}
