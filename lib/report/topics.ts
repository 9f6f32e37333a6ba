import type { EndpointReport, TopicReport } from '../model';

/**
 * True for a topic that devices use. Topics starting with `$` are the broker's own status (MQTT 5.0
 * §4.7.2); people's reports leave them out, the JSON report has them.
 */
export function isApplicationTopic(topic: TopicReport): boolean {
  return !topic.topic.startsWith('$');
}

/** The topics of an endpoint that devices use, in the order in which they were seen. */
export function applicationTopics(endpoint: EndpointReport): TopicReport[] {
  return (endpoint.traffic?.topics ?? []).filter(isApplicationTopic);
}
