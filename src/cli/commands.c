#include "cli/commands.h"

const struct hs_command *const hs_commands[] = {
    NULL,
};
