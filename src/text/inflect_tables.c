#include "text/inflect_tables.h"

/*
 * Endings of proper names, folded as text/fold.h does (no diacritics; й is и, ї is і, є and ё are е).
 * Sources, per language: the declension chapters of the reference grammars named beside each block.
 */
/* clang-format off */
const struct inflect_row inflect_rows[] = {
    /* Russian: Shvedova (ed.), Russkaya grammatika (1980), §§ 1174–1290, surnames in -ov/-in with -ym, adjectival surnames */
    {TEXT_CYRILLIC, "ru", TEXT_CLASS_C, "а у ом е ы ов ам ами ах ым ыми ых ои я ю ем и еи ям ями ях ь ью ев ова овои ову ы ина инои ину"},
    {TEXT_CYRILLIC, "ru", TEXT_CLASS_A, "а я ы и е у ю ои ою еи ею ам ами ах ям ями ях ии ую ая ых их"},
    {TEXT_CYRILLIC, "ru", TEXT_CLASS_O, "а у ом е о"},
    {TEXT_CYRILLIC, "ru", TEXT_CLASS_SKO, "а у ом е о"},
    {TEXT_CYRILLIC, "ru", TEXT_CLASS_E, "е я ю ем и а у ом"},
    {TEXT_CYRILLIC, "ru", TEXT_CLASS_ADJ, "ого ому им ым ом ем его ему ая яя ую юю ои еи ою ое ее ие ые их ых ими ыми ии ыи"},
    {TEXT_CYRILLIC, "ru", TEXT_CLASS_ADN, "ого ому ым ом его ему им ем их ых ими ыми"},
    {TEXT_CYRILLIC, "ru", TEXT_CLASS_PL, "ы и ов ев ам ами ах ям ями ях еи"},
    {TEXT_CYRILLIC, "ru", TEXT_CLASS_V, "я ю ем е и ев ям ями ях"},
    /* Ukrainian: Pugh & Press, Ukrainian: A Comprehensive Grammar (1999), ch. 2 and 4 */
    {TEXT_CYRILLIC, "uk", TEXT_CLASS_C, "а у ові еві ом ем і и ів ам ами ах я ю ями ях ям ь ею ою е им ою ова овоі ову ову ими их іи ьом ни"},
    {TEXT_CYRILLIC, "uk", TEXT_CLASS_A, "а я и і у ю ою ею о е ам ами ах ям ями ях оі іи ів"},
    {TEXT_CYRILLIC, "uk", TEXT_CLASS_O, "а у ом ові і о ю я ем еві е"},
    {TEXT_CYRILLIC, "uk", TEXT_CLASS_SKO, "а у ом ові і о ю я ем еві е"},
    {TEXT_CYRILLIC, "uk", TEXT_CLASS_E, "е я ю ем і а у ом"},
    {TEXT_CYRILLIC, "uk", TEXT_CLASS_ADJ, "ого ому им ім оі іи ою а у е і их ими ии оі ього ьому ю я"},
    {TEXT_CYRILLIC, "uk", TEXT_CLASS_ADN, "ого ому им ім ього ьому их ими"},
    {TEXT_CYRILLIC, "uk", TEXT_CLASS_ICH, "а у ові еві ом ем і и ів ам ами ах я ю ями ях ям"},
    {TEXT_CYRILLIC, "uk", TEXT_CLASS_PL, "и і ів ам ами ах ям ями ях еи"},
    {TEXT_CYRILLIC, "uk", TEXT_CLASS_V, "я ю ем еві і ів ям ями ях ви"},
    /* Belarusian: Mayo, A Grammar of Byelorussian (1976) */
    {TEXT_CYRILLIC, "be", TEXT_CLASS_C, "а у ам ом е ы ау ау ям ем я ю і ь ым ых амі ах ои ою ямі ях яу"},
    {TEXT_CYRILLIC, "be", TEXT_CLASS_A, "а я ы і е у ю аи ою еи ях ах ои амі ямі ам ом"},
    {TEXT_CYRILLIC, "be", TEXT_CLASS_ADJ, "ага аму ім ым ая ую аи ою ія ыя іх ых імі ымі і ы"},
    {TEXT_CYRILLIC, "be", TEXT_CLASS_ADN, "ага аму ім ым іх ых імі ымі"},
    {TEXT_CYRILLIC, "be", TEXT_CLASS_PL, "ы і ау оу яу ам амі ах ям ямі ях"},
    /* Bulgarian: Scatton, A Reference Grammar of Modern Bulgarian (1984), definite articles, vocative, -ov adjectives */
    {TEXT_CYRILLIC, "bg", TEXT_CLASS_C, "а я ът ят е о и та те ов ова ово ови ски ска ско ия ият ата ото ите"},
    {TEXT_CYRILLIC, "bg", TEXT_CLASS_A, "а та о ата ите ята и я ия"},
    {TEXT_CYRILLIC, "bg", TEXT_CLASS_O, "о то та"},
    {TEXT_CYRILLIC, "bg", TEXT_CLASS_SKO, "о то та"},
    {TEXT_CYRILLIC, "bg", TEXT_CLASS_E, "е то та"},
    {TEXT_CYRILLIC, "bg", TEXT_CLASS_ADJ, "и ия ият а ата о ото ите"},
    {TEXT_CYRILLIC, "bg", TEXT_CLASS_PL, "и ите"},
    {TEXT_CYRILLIC, "bg", TEXT_CLASS_V, "то та те я ят"},
    /* Macedonian: Friedman, Macedonian (2001); Serbian: Hammond, Serbian: An Essential Grammar (2005) */
    {TEXT_CYRILLIC, "mk", TEXT_CLASS_C, "от та е и ов ова ово ови"},
    {TEXT_CYRILLIC, "mk", TEXT_CLASS_A, "а та о и"},
    {TEXT_CYRILLIC, "mk", TEXT_CLASS_ADJ, "и иот а ата о ото ите"},
    {TEXT_CYRILLIC, "sr", TEXT_CLASS_C, "а у ом ем е и ов ова ово ове ови овог овом ев ева има овога овоме овој ову овим ових ево еве еви евог евога евом евој еву евим евих"},
    {TEXT_CYRILLIC, "sr", TEXT_CLASS_A, "а е и у ом о ин ина ино ине ину иног иној иним ој"},
    {TEXT_CYRILLIC, "sr", TEXT_CLASS_O, "о а у ом"},
    {TEXT_CYRILLIC, "sr", TEXT_CLASS_SKO, "о а у ом"},
    {TEXT_CYRILLIC, "sr", TEXT_CLASS_E, "е а у ом ем ама"},
    {TEXT_CYRILLIC, "sr", TEXT_CLASS_ADJ, "и ог ога ом ому им а е у ои их ег ега ем ему"},
    {TEXT_CYRILLIC, "sr", TEXT_CLASS_ADN, "ог ога ом оме ому им их има ег ега ем ему"},
    {TEXT_CYRILLIC, "sr", TEXT_CLASS_V, "ја ју јем јев јева јево јеве јевог јевом"},
    /* Czech: Janda & Townsend, Czech (2000); Naughton, Czech: An Essential Grammar (2005), possessives, names of women in -ová */
    {TEXT_LATIN, "cs", TEXT_CLASS_C, "a u ovi em e i y ove um ech ich emi ami ach uv ova ovo ovy ovu ovou ovych ovym ovymi ovem ie im"},
    {TEXT_LATIN, "cs", TEXT_CLASS_A, "a y e u o ou i um am ami ach ich im ovi in ina ino iny ine inu inou inych inym ova ove ovou ii uv ovo ovy ovu ovych ovym ovymi ovem je ji"},
    {TEXT_LATIN, "cs", TEXT_CLASS_O, "o a u em e ovi ech y um uv ova ovo ove ovy ovu ovou ovych ovym ovymi ovem"},
    {TEXT_LATIN, "cs", TEXT_CLASS_SKO, "o a u em"},
    {TEXT_LATIN, "cs", TEXT_CLASS_E, "e i ii em ich im emi ovi ete uv ova ovo ove ovy ovu ovou ovych ovym ovymi ovem"},
    {TEXT_LATIN, "cs", TEXT_CLASS_ADJ, "eho emu ym em a e ou i y ych ymi iho imu im ich imi ova ove ovou ho mu"},
    {TEXT_LATIN, "cs", TEXT_CLASS_ADN, "eho emu ym im em iho imu ych ich ymi imi"},
    {TEXT_LATIN, "cs", TEXT_CLASS_ICH, "a u e i ovi em y um ech ich emi"},
    {TEXT_LATIN, "cs", TEXT_CLASS_PL, "y i ech um ami ach ich im u am"},
    {TEXT_LATIN, "cs", TEXT_CLASS_V, "ho mu m a u em ovi ova ove ovou uv s e i ovo ovy ovu ovych ovym ovymi ovem"},
    /* Slovak: Naughton, Colloquial Slovak (1997); Mistrík, A Grammar of Contemporary Slovak (1983) */
    {TEXT_LATIN, "sk", TEXT_CLASS_C, "a u ovi om e i y ov ova ovo ove ovu ovho ovej ovou och ami iach mi ovmu ovom ovym ovych ovymi"},
    {TEXT_LATIN, "sk", TEXT_CLASS_A, "a y e u ou i am ach ami ovi om in ina ine ov ova ovo ove ovu ovho ovmu ovom ovym ovej ovou ovych ovymi ej"},
    {TEXT_LATIN, "sk", TEXT_CLASS_O, "o a u om e ach"},
    {TEXT_LATIN, "sk", TEXT_CLASS_SKO, "o a u om"},
    {TEXT_LATIN, "sk", TEXT_CLASS_E, "e a i u om"},
    {TEXT_LATIN, "sk", TEXT_CLASS_ADJ, "eho emu ym om a ej u ou i y e ych ymi ova ovej ovou"},
    {TEXT_LATIN, "sk", TEXT_CLASS_ADN, "eho emu ym om im ych ich ymi imi"},
    {TEXT_LATIN, "sk", TEXT_CLASS_PL, "y i ov och am ach ami om mi"},
    {TEXT_LATIN, "sk", TEXT_CLASS_V, "ho mu m a om ovi ova ovej u i"},
    /* Polish: Swan, A Grammar of Contemporary Polish (2002), ch. 4–6 */
    {TEXT_LATIN, "pl", TEXT_CLASS_C, "a owi u em iem ie y i ow om ami ach e owie owa owej owe owy owych owym ia iowi iu iom iami"},
    {TEXT_LATIN, "pl", TEXT_CLASS_A, "a y i e ie o om ami ach owi em ej iej ii ia u ich ych"},
    {TEXT_LATIN, "pl", TEXT_CLASS_O, "o a u em ie e owi om y i iem"},
    {TEXT_LATIN, "pl", TEXT_CLASS_SKO, "o a u em ie e owi om y i iem"},
    {TEXT_LATIN, "pl", TEXT_CLASS_E, "e go mu m y a ych ym i ami ach om"},
    {TEXT_LATIN, "pl", TEXT_CLASS_ADJ, "iego iemu im ego emu ym a ej iej i y ie e ich imi ych ymi"},
    {TEXT_LATIN, "pl", TEXT_CLASS_ADN, "ego emu ym im em iego iemu ych ich ymi imi"},
    {TEXT_LATIN, "pl", TEXT_CLASS_PL, "y i ami om ach ech ow"},
    {TEXT_LATIN, "pl", TEXT_CLASS_IA, "i"},
    {TEXT_LATIN, "pl", TEXT_CLASS_V, "go mu m"},
    /* Slovene: Herrity, Slovene: A Comprehensive Grammar (2000), possessives in -ov/-ev/-in, -j- after vowels and r */
    {TEXT_LATIN, "sl", TEXT_CLASS_C, "a u om em i e ov ev ih ova ovo ove ovi ovega ovem ovim ovih ovimi eva evo eve evi evega evem ja ju jem jev jeva jevo jeve jevi jih ima ovemu evemu evim evih evimi jevega jevemu jevem jevim jevih jevimi"},
    {TEXT_LATIN, "sl", TEXT_CLASS_A, "a e i o u em am ah ami in ina ino ine ini inega inem inim inih inemu inimi om ov ova ovo ove ovi ovega ovemu ovem ovim ovih ovimi ev eva evo eve evi evega evemu evem evim evih evimi"},
    {TEXT_LATIN, "sl", TEXT_CLASS_O, "o a u om em ov ova ovo ove ovi ta tu tom ovega ovemu ovem ovim ovih ovimi"},
    {TEXT_LATIN, "sl", TEXT_CLASS_SKO, "o a u om em ov ova ovo ove ovi ta tu tom ovega ovemu ovem ovim ovih ovimi"},
    {TEXT_LATIN, "sl", TEXT_CLASS_E, "e a u om em i ov ova ovo ove ta tu tom tov tova ovi ovega ovemu ovem ovim ovih ovimi ah am ami"},
    {TEXT_LATIN, "sl", TEXT_CLASS_ADJ, "i ega emu em im a e o ih imi ja ju jem"},
    {TEXT_LATIN, "sl", TEXT_CLASS_ADN, "ega emu em im ih imi"},
    {TEXT_LATIN, "sl", TEXT_CLASS_PL, "e i ov ih am ah om ami"},
    {TEXT_LATIN, "sl", TEXT_CLASS_V, "ja ju jem jev jeva jevo jeve jevi jevega jevih m a u om ov ova ovo ove ovi ovega ovemu ovem ovim ovih ovimi jevemu jevem jevim jevimi jin jina jino jine jini jinega jinemu jinem jinim jinih jinimi"},
    /* Croatian, Bosnian, Serbian in Latin script: Alexander, Bosnian, Croatian, Serbian: A Grammar (2006) */
    {TEXT_LATIN, "hr", TEXT_CLASS_C, "a u om em e i ov ova ovo ove ovi ovog ovom ovu ovim ovih ev eva evo eve evi ima ovoga ovome ovoj evog evoga evom evome evoj evu evim evih ama"},
    {TEXT_LATIN, "hr", TEXT_CLASS_A, "a e i u om o ama in ina ino ine inog inom inu inoj inim inih oj"},
    {TEXT_LATIN, "hr", TEXT_CLASS_O, "o a u om ov ova"},
    {TEXT_LATIN, "hr", TEXT_CLASS_SKO, "o a u om ov ova"},
    {TEXT_LATIN, "hr", TEXT_CLASS_E, "e a u om em ov ova ama"},
    {TEXT_LATIN, "hr", TEXT_CLASS_ADJ, "i og oga om omu ome im a e u oj ih eg ega em emu"},
    {TEXT_LATIN, "hr", TEXT_CLASS_ADN, "og oga om ome omu im ima ih eg ega em emu"},
    {TEXT_LATIN, "hr", TEXT_CLASS_PL, "e i ima a ama"},
    {TEXT_LATIN, "hr", TEXT_CLASS_V, "ja ju jem jev jeva jevo jeve jevi jevog jevoga jevom jevoj jevu jevim jevih"},
    /* Lithuanian: Ambrazas (ed.), Lithuanian Grammar (1997); foreign names get the endings of the first three declensions */
    {TEXT_LATIN, "lt", TEXT_CLASS_C, "as o ui a u e ai us ams ais uose is io iui i iu yje us aus umi ui uje es"},
    {TEXT_LATIN, "lt", TEXT_CLASS_A, "a os ai oje u e ia"},
    {TEXT_LATIN, "lt", TEXT_CLASS_E, "e es ei eje"},
    {TEXT_LATIN, "lt", TEXT_CLASS_ADJ, "is io iui i iu yje y"},
    {TEXT_LATIN, "lt", TEXT_CLASS_O, "o"},
    {TEXT_LATIN, "lt", TEXT_CLASS_SKO, "o"},
    {TEXT_LATIN, "lt", TEXT_CLASS_S, "as o ui a u e is io iui i iu us aus yje uje ojo ajam aji uoju ajame ieji uju iesiems uosius aisiais osios ajai aja ojoje osioms asias osiomis osiose iumi umi oms omis ose ems emis ese uosiuose"},
    {TEXT_LATIN, "lt", TEXT_CLASS_PL, "u iu ams iams us ius ais iais uose iuose"},
    /* Latvian: Mathiassen, A Short Grammar of Latvian (1997) */
    {TEXT_LATIN, "lv", TEXT_CLASS_C, "s a am u i os iem is im em es"},
    {TEXT_LATIN, "lv", TEXT_CLASS_A, "a as ai u am as os"},
    {TEXT_LATIN, "lv", TEXT_CLASS_E, "e es ei i em"},
    {TEXT_LATIN, "lv", TEXT_CLASS_ADJ, "is a im i ij"},
    {TEXT_LATIN, "lv", TEXT_CLASS_S, "s a am u i is im o ajas ajam"},
    /* Finnish: Karlsson, Finnish: A Comprehensive Grammar (2018), §§ 8–12 */
    {TEXT_LATIN, "fi", TEXT_CLASS_C, "in ia issa ista iin illa ilta ille ina iksi it"},
    {TEXT_LATIN, "fi", TEXT_CLASS_V, "n a ta ssa sta an en in on un lla lta lle na ksi t kin hun hin"},
    {TEXT_LATIN, "fi", TEXT_CLASS_KS, "ksen kselle ksella kselta ksessa ksesta kseen kseksi ksena kset ksien ksia"},
    {TEXT_LATIN, "fi", TEXT_CLASS_NEN, "sen selle sella selta sessa sesta seksi sena set seen sta ten sia sille silla silta sissa sista siin"},
    {TEXT_LATIN, "fi", TEXT_CLASS_WEAK, "an alla alle alta assa asta aksi at en ella elle elta essa esta eksi et in illa ille ilta issa ista iksi it on olla olle olta ossa osta oksi ot un ulla ulle ulta ussa usta uksi ut yn ylla ylle ylta yssa ysta yksi yt een ea"},
    {TEXT_LATIN, "fi", TEXT_CLASS_TD, "ien iin ia issa ista ihin illa ilta ille iksi ina iden ita isiin eja eissa eista eihin eilla eilta eille eiksi eina eita eiden oja ojen oissa oista oihin oilla oilta oille oiksi oina oita oiden ain ten"},
    /* Estonian: Erelt (ed.), Estonian Language (2003) */
    {TEXT_LATIN, "et", TEXT_CLASS_C, "i it ile ilt is ist iga ini iks ita a at ale alt as ast aga e el ele elt es est ega eni ena eks t u ut ule ult uga"},
    {TEXT_LATIN, "et", TEXT_CLASS_V, "t s st le lt l ga ni ks d sse"},
    {TEXT_LATIN, "et", TEXT_CLASS_NE, "se sele selt sest ses sega st seks"},
    {TEXT_LATIN, "et", TEXT_CLASS_TD, "ide idel idelt idele ides idest idesse idega ideks"},
    {TEXT_LATIN, "et", TEXT_CLASS_GBD, "u ule ult us ust uga uks i ile ilt is ist iga iks a ale alt as ast aga aks"},
    /* Hungarian: Rounds, Hungarian: An Essential Grammar (2009); the instrumental doubles the last consonant */
    {TEXT_LATIN, "hu", TEXT_CLASS_C, "t et at ot ban ben ba be bol nak nek nal nel pal pel tal tel kal kel mal mel sal sel ral rel lal lel dal del gal gel val vel al el hoz hez tol ra re on en ett ott rol ert ig i ek ok ei"},
    {TEXT_LATIN, "hu", TEXT_CLASS_V, "t val vel al el nak nek ban ben ba be bol nal nel hoz hez tol ra re n rol ert ig i s ek k"},
    /* Turkish without the apostrophe: Göksel & Kerslake, Turkish: A Comprehensive Grammar (2005) */
    {TEXT_LATIN, "tr", TEXT_CLASS_C, "in un i u a e da de ta te dan den tan ten la le"},
    {TEXT_LATIN, "tr", TEXT_CLASS_V, "nin nun yi yu ya ye da de dan den yla yle na ne nda nde ndan nden ni nu"},
    /* Azerbaijani: Öztopçu, Elementary Azerbaijani (2000) */
    {TEXT_LATIN, "az", TEXT_CLASS_C, "in un i u a e da de dan den la le"},
    {TEXT_LATIN, "az", TEXT_CLASS_V, "nin nun ni nu ya ye da de dan den yla yle na ne nda nde ndan nden"},
    /* Romanian: Cojocaru, Romanian Grammar (2003); Albanian: Newmark, Standard Albanian (1982) */
    {TEXT_LATIN, "ro", TEXT_CLASS_C, "ul ului lui"},
    {TEXT_LATIN, "ro", TEXT_CLASS_V, "ul ului lui le lor"},
    {TEXT_LATIN, "ro", TEXT_CLASS_A, "a ei ii e i"},
    {TEXT_LATIN, "ro", TEXT_CLASS_E, "ele elor or"},
    {TEXT_LATIN, "sq", TEXT_CLASS_C, "i it in un ut u"},
    {TEXT_LATIN, "sq", TEXT_CLASS_V, "t n it in ve"},
    {TEXT_LATIN, "sq", TEXT_CLASS_A, "a es en e"},
    {TEXT_LATIN, "sq", TEXT_CLASS_E, "a es en et eve"},
    /* Germanic genitives in -s, and the dative plural of places: Duden, Die Grammatik (2016), §§ 299–310; Swedish stands for Danish,
       Norwegian and Dutch, too (inflect.c); English plural */
    {TEXT_LATIN, "de", TEXT_CLASS_C, "s es"},
    {TEXT_LATIN, "de", TEXT_CLASS_V, "s"},
    {TEXT_LATIN, "de", TEXT_CLASS_DER, "e en em er es"},
    {TEXT_LATIN, "de", TEXT_CLASS_N, "n"},
    {TEXT_LATIN, "sv", TEXT_CLASS_C, "s"},
    {TEXT_LATIN, "sv", TEXT_CLASS_V, "s"},
    {TEXT_LATIN, "en", TEXT_CLASS_C, "s"},
    {TEXT_LATIN, "en", TEXT_CLASS_V, "s"},
    /* Icelandic: Kress, Isländische Grammatik (1982), strong and weak nouns, fathers' names */
    {TEXT_LATIN, "is", TEXT_CLASS_C, "s ar u i"},
    {TEXT_LATIN, "is", TEXT_CLASS_S, "s i ar ur yni"},
    {TEXT_LATIN, "is", TEXT_CLASS_A, "u"},
    {TEXT_LATIN, "is", TEXT_CLASS_V, "s"},
    {TEXT_LATIN, "is", TEXT_CLASS_PL, "a"},
    /* Latin: Allen & Greenough, New Latin Grammar (1903), §§ 40–99 */
    {TEXT_LATIN, "la", TEXT_CLASS_C, "is i em e es um ibus"},
    {TEXT_LATIN, "la", TEXT_CLASS_A, "ae am arum is as"},
    {TEXT_LATIN, "la", TEXT_CLASS_S, "i o um e orum is os em es ium atis ati atem ate"},
    /* Greek: Holton, Mackridge & Philippaki-Warburton, Greek (2012), nouns in -ς */
    {TEXT_GREEK, "el", TEXT_CLASS_S, "σ ου ο α η οσ ων ουσ οι ε ασ ησ"},
    {TEXT_GREEK, "el", TEXT_CLASS_A, "α ασ ησ η ων"},
    {TEXT_GREEK, "el", TEXT_CLASS_O, "ου α ων ο"},
    {TEXT_GREEK, "el", TEXT_CLASS_V, "σ"},
    /* Georgian: Hewitt, Georgian (1995); the nominative -i is an ending; Armenian: Dum-Tragut, Armenian (2009) */
    {TEXT_GEORGIAN, "ka", TEXT_CLASS_C, "ი ის მა ს ით ად ისა ისთვის ზე ში თან"},
    {TEXT_GEORGIAN, "ka", TEXT_CLASS_V, "ს მ თი დ სა სთვის ზე ში სთან"},
    {TEXT_GEORGIAN, "ka", TEXT_CLASS_A, "ა ის ით"},
    {TEXT_ARMENIAN, "hy", TEXT_CLASS_C, "ի ը ին ից ով ում իս"},
    {TEXT_ARMENIAN, "hy", TEXT_CLASS_V, "ն յի յին յից յով յում"},
    {TEXT_ARMENIAN, "hy", TEXT_CLASS_A, "այի այից այով ան այում"},
    /* Korean particles and titles written on: Yeon & Brown, Korean: A Comprehensive Grammar (2011), ch. 3 */
    {TEXT_HANGUL, "ko", TEXT_CLASS_C, "은 이 을 의 에 에게 에서 과 도 으로 로 만 부터 까지 이다 이라고 이나 씨 측 처럼 보다 와 는 가 를 대통령 대통령은 대통령이 총리"},
    {TEXT_HANGUL, "ko", TEXT_CLASS_V, "는 가 를 의 에 에게 에서 와 도 로 만 부터 까지 다 라고 나 씨 측 처럼 보다 은 이 을 과 대통령 대통령은 대통령이 총리"},
    /* Kazakh: Muhamedowa, Kazakh: A Comprehensive Grammar (2016), § 2.1; Kyrgyz and other Turkic languages in Cyrillic letters have the
       same endings with more vowels; Uzbek: Bodrogligeti, An Academic Reference Grammar of Modern Literary Uzbek (2003) */
    {TEXT_CYRILLIC, "kk", TEXT_CLASS_C, "нын нін дын дін тын тін нин нун дин дун тин тун ны ні ды ді ты ті ни ну ди ду ти ту га ге ка ке го ко на не а е да де та те до то дан ден тан тен нан нен дон тон мен бен пен"},
    {TEXT_CYRILLIC, "kk", TEXT_CLASS_V, "нын нін нин нун ны ні ни ну н га ге го на не да де до нда нде дан ден дон нан нен ндан нден мен"},
    {TEXT_LATIN, "kk", TEXT_CLASS_C, "ning ni ga ka qa da dan"},
    {TEXT_LATIN, "kk", TEXT_CLASS_V, "ning ni ga da dan"},
    /* Languages of Indian scripts that write endings on, under one name, because each has letters of its own (Marathi and Nepali have
       Hindi's, which writes postpositions apart). Bengali: Thompson (2012), ch. 3; Marathi: Dhongde and Wali (2009), ch. 3; Nepali:
       Acharya (1991); Gujarati: Doctor (2004); Tamil: Lehmann (1993), ch. 1; Telugu and Kannada: Krishnamurti, The Dravidian Languages
       (2003), ch. 6; Malayalam: Asher and Kumari (1997) */
    {TEXT_INDIC, "bn", TEXT_CLASS_V, "র ের কে েকে তে েতে য়ে রা েরা দের েদের ৰ ंनी ांनी ंचा ांचा ंची ांची ंचे ांचे ंना ांना ंच्या ांच्या ने ला चा ची चे च्या हून ले को का की मा लाई बाट એ ની નો ના નું ને માં થી ின் யின் ை யை க்கு ுக்கு வுக்கு ிடம் யிடம் ால் யால் ில் யில் ும் யும் ுடன் யுடன் కు కి ని ను తో లో పై ನ ನ್ನು ವನ್ನು ರನ್ನು ಗೆ ಿಗೆ ಲ್ಲಿ ದಲ್ಲಿ ರ ന്റെ യുടെ ിന്റെ ുടെ നെ യെ ിനെ െ ന് യ്ക്ക് ിന് ിൽ യിൽ ും യും ോട് வின் வை வில் வால்"},
    {TEXT_INDIC, "bn", TEXT_CLASS_C, "র ের কে েকে তে েতে য়ে রা েরা দের েদের ৰ ंनी ांनी ंचा ांचा ंची ांची ंचे ांचे ंना ांना ंच्या ांच्या ने ला चा ची चे च्या हून ले को का की मा लाई बाट એ ની નો ના નું ને માં થી ின் யின் ை யை க்கு ுக்கு வுக்கு ிடம் யிடம் ால் யால் ில் யில் ும் யும் ுடன் யுடன் కు కి ని ను తో లో పై ನ ನ್ನು ವನ್ನು ರನ್ನು ಗೆ ಿಗೆ ಲ್ಲಿ ದಲ್ಲಿ ರ ന്റെ യുടെ ിന്റെ ുടെ നെ യെ ിനെ െ ന് യ്ക്ക് ിന് ിൽ യിൽ ും യും ോട് வின் வை வில் வால்"},
    {TEXT_COMMON, NULL, TEXT_CLASS_C, NULL},
};
/* clang-format on */
