import { useCallback, useMemo, type ReactNode } from "react";

import type { ListSource } from "@/data/use-list";
import { useList } from "@/data/use-list";
import type { Row } from "@/sync";
import { useMessages } from "@/ui/messages";
import { Notice } from "@/ui/notice";
import { PageHeader } from "@/ui/page-header";
import { ListProblem, StaleLine } from "@/ui/problem";
import { SkeletonRows } from "@/ui/skeleton";
import { UpdatedAgo } from "@/ui/updated-ago";
import { useSheet } from "@/ui/use-sheet";
import { NewPersonButton } from "./new-person";
import { PeopleFilter } from "./people-filter";
import styles from "./people-page.module.css";
import { usePeople, usePeopleQuery, type Findable } from "./use-people-list";
import { VirtualTable, type Column, type Selection } from "./virtual-table";

/** A table of people: what they are called, which they are, and what stands in its columns. */
export interface PeoplePageProps<T extends Findable> {
  readonly kind: "lead" | "contact";
  readonly source: ListSource;
  readonly toPerson: (row: Row) => T | null;
  readonly statuses: readonly string[];
  readonly statusOf: (person: T) => string;
  /** What a column sorts by. */
  readonly valueOf: (person: T, column: string) => string | number | null;
  readonly columns: readonly Column<T>[];
  readonly words: {
    readonly title: string;
    readonly count: (people: number) => string;
    readonly empty: string;
    readonly emptyHint: string;
  };
  /** By those that are shown: rows can be chosen. */
  readonly selection?: (shown: readonly T[]) => Selection<T>;
  /** Above the table, of all that there are. */
  readonly summary?: (all: readonly T[]) => ReactNode;
  /** Below it, of those that are shown. */
  readonly children?: (shown: readonly T[]) => ReactNode;
}

/** Leads or contacts: looked through, sorted and opened the same way. What is on stands in the address. */
export function PeoplePage<T extends Findable>(props: PeoplePageProps<T>) {
  const { kind, words, toPerson, statusOf } = props;
  const messages = useMessages();
  const list = useList(props.source);
  const query = usePeopleQuery();
  const all = useMemo(
    () => list.views.flatMap(({ row }) => toPerson(row) ?? []),
    [list.views, toPerson],
  );
  const ofStatus = useMemo(
    () => (query.status === "" ? all : all.filter((each) => statusOf(each) === query.status)),
    [all, query.status, statusOf],
  );
  const shown = usePeople(ofStatus, query, props.valueOf, messages.locale);
  const { show } = useSheet();
  const open = useCallback(({ id }: T) => show(kind, id), [show, kind]);
  return (
    <div className={styles.page}>
      <PageHeader title={words.title} subtitle={list.isKnown ? words.count(all.length) : undefined}>
        <UpdatedAgo
          readAt={list.readAt}
          busy={list.isRefreshing}
          failed={list.error !== null}
          onRefresh={list.refresh}
        />
        <NewPersonButton kind={kind} />
      </PageHeader>
      {list.error !== null && list.isKnown && <StaleLine error={list.error} />}
      {list.isKnown && props.summary?.(all)}
      {list.isKnown && (
        <PeopleFilter
          query={query}
          statuses={props.statuses.map((status) => ({
            status,
            count: all.filter((each) => statusOf(each) === status).length,
          }))}
        />
      )}
      {list.isLoading && <SkeletonRows rows={14} />}
      {list.error !== null && !list.isKnown && (
        <ListProblem what={words.title} error={list.error} onRetry={list.refresh} />
      )}
      {list.isKnown && shown.length === 0 && (
        <Notice
          title={all.length === 0 ? words.empty : messages.list.noMatch}
          text={all.length === 0 ? words.emptyHint : undefined}
        />
      )}
      {list.isKnown && shown.length > 0 && (
        <VirtualTable
          label={words.title}
          rows={shown}
          columns={props.columns}
          sort={query.sort === "" ? "name" : query.sort}
          onSort={(sort) => query.set("sort", sort)}
          onOpen={open}
          rowProps={(person) => ({
            [`data-${kind}-id`]: person.id,
            "data-status": statusOf(person),
          })}
          {...(props.selection === undefined ? {} : { selection: props.selection(shown) })}
        />
      )}
      {props.children?.(shown)}
    </div>
  );
}
