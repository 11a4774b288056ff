/* Every command of the program, one line each. */
#ifndef HANSA_CLI_COMMANDS_H
#define HANSA_CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct hs_command hs_cmd_init;

#endif
