# manual pages, in mdoc
dist_man_MANS += man/tidings.1 man/tidings-http.7 man/tidings-names.7 man/tidings-query.7 man/tidings.conf.5 man/tidingsd.8
