#pragma once
/*
 * mqtt: publishes each notification as JSON (or the sink's own body) to a topic with quality of service 1 (MQTT 3.1.1). Delivered
 * means that the broker has acknowledged it. Over a thread of its own (backstage.h), since libmosquitto looks up names.
 */
#include "notify/broker.h"

int sink_mqtt_open(struct sink *s, struct err *err);
