include tests/unit/local.mk
include tests/it/local.mk
include tests/fuzz/local.mk
include tests/lint/local.mk
include tests/bench/local.mk
include tests/tools/local.mk
