#include "cli/commands.h"

const struct hs_command *const hs_commands[] = {
    &hs_cmd_attribute,
    &hs_cmd_simulate,
    NULL,
};
