# manual pages, in mdoc
dist_man_MANS += man/tidingsd.8
