#include "notify/sink_desktop.h"
#include "notify/sink_exec.h"
#include "notify/sink_feed.h"
#include "notify/sink_file.h"
#include "notify/sink_mail.h"
#include "notify/sink_mqtt.h"
#include "notify/sink_nats.h"
#include "notify/sink_print.h"
#include "notify/sink_socket.h"
#include "notify/sink_syslog.h"
#include "notify/sink_webhook.h"

const struct sink_type sink_types[] = {
    {"print", sink_print_open, sink_print_close, sink_print_render, sink_print_send, 64},
    {"file", sink_file_open, sink_file_close, sink_file_render, sink_file_send, 64},
    {"syslog", sink_syslog_open, sink_syslog_close, sink_syslog_render, sink_syslog_send, 64},
    {"journal", sink_syslog_open, sink_syslog_close, sink_journal_render, sink_syslog_send, 64},
    {"exec", sink_exec_open, sink_exec_close, sink_exec_render, sink_exec_send, 1},
    {"webhook", sink_webhook_open, sink_webhook_close, sink_webhook_render, sink_webhook_send, 1},
    {"mail", sink_mail_open, sink_mail_close, sink_mail_render, sink_mail_send, 1},
    {"sendmail", sink_sendmail_open, sink_sendmail_close, sink_mail_render, sink_sendmail_send, 1},
    {"feed", sink_feed_open, sink_feed_close, sink_feed_render, sink_feed_send, 64},
    {"socket", sink_socket_open, sink_socket_close, sink_socket_render, sink_socket_send, 64},
    {"mqtt", sink_mqtt_open, broker_close, broker_render, broker_send, 16},
    {"nats", sink_nats_open, broker_close, broker_render, broker_send, 16},
    {"desktop", sink_desktop_open, sink_desktop_close, sink_desktop_render, sink_desktop_send, 16},
    {NULL, NULL, NULL, NULL, NULL, 0},
};
