import {eventsV1, type Resource} from '../kinds.ts';
import type {EventObject, KubeObject} from '../objects.ts';

/** An object as a version of the API shows it: only events have two. */
export function viewOf(resource: Resource, object: KubeObject): KubeObject {
  return resource === eventsV1 ? newEvent(object as EventObject) : object;
}

/** The stored form of an object that came in through a version of the API. */
export function storedForm(resource: Resource, input: unknown): unknown {
  return resource === eventsV1 ? oldEvent(input as Record<string, unknown>) : input;
}

function newEvent(event: EventObject): KubeObject {
  const {metadata, involvedObject, message, source, firstTimestamp, lastTimestamp, count, eventTime, ...rest} = event;
  const {reason, type, action, reportingComponent, reportingInstance} = rest;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata,
    eventTime,
    reason,
    type,
    ...(action ? {action} : {}),
    note: message,
    regarding: involvedObject,
    reportingController: reportingComponent,
    reportingInstance,
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    ...(count ? {deprecatedCount: count} : {}),
  } as KubeObject;
}

function oldEvent(event: Record<string, unknown>): unknown {
  const {note, regarding, reportingController, deprecatedSource, deprecatedFirstTimestamp, ...rest} = event;
  const {deprecatedLastTimestamp, deprecatedCount, ...kept} = rest;
  return {
    ...kept,
    apiVersion: 'v1',
    message: note ?? '',
    involvedObject: regarding ?? {},
    reportingComponent: reportingController ?? '',
    reportingInstance: kept.reportingInstance ?? '',
    source: deprecatedSource ?? {},
    firstTimestamp: deprecatedFirstTimestamp ?? null,
    lastTimestamp: deprecatedLastTimestamp ?? null,
    eventTime: kept.eventTime ?? null,
    ...(deprecatedCount ? {count: deprecatedCount} : {}),
  };
}
