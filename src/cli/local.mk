# SPDX-License-Identifier: Apache-2.0
# Sources of the program: one module a line (`dryseal_SOURCES += src/cli/NAME.h src/cli/NAME.c`), in reading order.
dryseal_SOURCES += src/cli/main.c src/cli/commands.def
dryseal_SOURCES += src/cli/cli.h src/cli/command.c src/cli/option.c src/cli/input.c
dryseal_SOURCES += src/cli/host_options.h src/cli/host_options.c
dryseal_SOURCES += src/cli/code_input.h src/cli/code_input.c
dryseal_SOURCES += src/cli/output.h src/cli/output.c
dryseal_SOURCES += src/cli/cmd_check.h src/cli/cmd_check.c
dryseal_SOURCES += src/cli/cmd_show.c
dryseal_SOURCES += src/cli/cmd_explain_log.c
dryseal_SOURCES += src/cli/jsonl.h src/cli/jsonl.c
dryseal_SOURCES += src/cli/req.h src/cli/req.c src/cli/cmd_req.c
dryseal_SOURCES += src/cli/req_subject.h src/cli/req_subject.c
dryseal_SOURCES += src/cli/cmd_req_compile.c src/cli/cmd_req_print.c
dryseal_SOURCES += src/cli/cmd_req_eval.c src/cli/cmd_req_designate.c
dryseal_SOURCES += src/cli/todo.c
