#pragma once
/*
 * Alarms: what people are told beside matches. Four sources: the events of feeds and of our own network as the store has
 * them, read on from where the last run stopped; sinks that take nothing, and a store that refused to write; feeds and watches that are
 * quieter than their past; bursts of mentions (route/unusual.h).
 *
 *   alarm            ends with        severity   about
 *   feed_failing     feed_recovered   normal     it failed for longer than fail-for
 *   feed_gone                         normal     410: it is not polled any more
 *   feed_moved                        low        a permanent redirect was adopted, or given up again
 *   feed_changed                      high       title, site and all items changed at once
 *   feed_gap                          low        items were probably missed
 *   feed_flood                        normal     very many new items: what they tell is held
 *   feed_quiet       feed_back        normal     longer without anything new than ever
 *   watch_quiet      watch_back       normal     the same of what falls under a watch
 *   burst                             high       an actor or topic in unusually many sources
 *   sink_failing     sink_well        high       a sink took nothing for ALARMS_SINK_MS, or fail-for when that is shorter
 *   daemon_trouble   daemon_well      high       no network; the store refused to write
 *
 * Each goes to the sinks of `alarm-sinks`, held or muted by their quiet hours, rates and silences, through the same outbox. An alarm
 * and how far was looked are one transaction: none is lost or told twice by a crash.
 */
#include "base/err.h"
#include "base/jsonw.h"

struct daemon;
struct alarms;

#define ALARMS_SINK_MS (15 * MINUTE_MS)
#define ALARMS_SUMMARY 10u /* of one kind at one time; more become one that names some */

struct alarms *alarms_new(struct daemon *d, struct err *err);
void alarms_free(struct alarms *a);
void alarms_stop(struct alarms *a);
