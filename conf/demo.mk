# Invented news in every format and several languages: what quickstart watches where no feed can be reached.
EXTRA_DIST += \
	conf/demo/al-marsa.rss \
	conf/demo/alpenkurier.xml \
	conf/demo/courrier-du-lac.rss \
	conf/demo/diario-del-sur.rss \
	conf/demo/dniprovskyi-visnyk.rss \
	conf/demo/faro-austral.json \
	conf/demo/gazette-oceane.xml \
	conf/demo/harbour-post.rss \
	conf/demo/huanghai-chenbao.rdf \
	conf/demo/karpatskyi-holos.atom \
	conf/demo/meridian-brief.json \
	conf/demo/nevskoe-obozrenie.rss \
	conf/demo/northern-wire.atom \
	conf/demo/rheinbote.rdf \
	conf/demo/volzhskij-listok.xml \
	conf/demo/wislanski-dziennik.xml
