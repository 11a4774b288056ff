/* The program: chooses the adapters and starts. */
#include "cli/cli.h"

int main(int argc, char **argv) { return hs_cli_main(argc, argv, hs_io_real()); }
