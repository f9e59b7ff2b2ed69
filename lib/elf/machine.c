/* SPDX-License-Identifier: MIT */
#include <elf.h>
#include <stdio.h>

#include <sov/elf.h>

#include "base/str.h"

#define MACHINE_NAME_SIZE 32

/* clang-format off */
static const struct machine {
	unsigned number;
	const char *name;
} machines[] = {
	{EM_SPARC, "sparc"},
	{EM_386, "386"},
	{EM_68K, "m68k"},
	{EM_MIPS, "mips"},
	{EM_PARISC, "parisc"},
	{EM_SPARC32PLUS, "sparc32plus"},
	{EM_PPC, "powerpc"},
	{EM_PPC64, "powerpc64"},
	{EM_S390, "s390"},
	{EM_ARM, "arm"},
	{EM_SH, "sh"},
	{EM_SPARCV9, "sparcv9"},
	{EM_IA_64, "ia64"},
	{EM_X86_64, "x86-64"},
	{EM_VAX, "vax"},
	{EM_CRIS, "cris"},
	{EM_AVR, "avr"},
	{EM_M32R, "m32r"},
	{EM_OPENRISC, "openrisc"},
	{EM_ARC_COMPACT, "arc"},
	{EM_XTENSA, "xtensa"},
	{EM_BLACKFIN, "blackfin"},
	{EM_ALTERA_NIOS2, "nios2"},
	{EM_MSP430, "msp430"},
	{EM_QDSP6, "hexagon"},
	{EM_AARCH64, "aarch64"},
	{EM_TILEGX, "tilegx"},
	{EM_MICROBLAZE, "microblaze"},
	{EM_CUDA, "cuda"},
	{195, "arcv2"}, /* not in every <elf.h> */
	{EM_AMDGPU, "amdgpu"},
	{EM_RISCV, "riscv"},
	{EM_BPF, "bpf"},
	{EM_CSKY, "csky"},
	{258, "loongarch"}, /* not in every <elf.h> */
	{EM_ALPHA, "alpha"},
};
/* clang-format on */

char *sov_machine_name(char *out, unsigned machine)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(*machines); i++) {
		if (machines[i].number == machine) {
			sov_str_copy(out, MACHINE_NAME_SIZE, machines[i].name);
			return out;
		}
	}
	snprintf(out, MACHINE_NAME_SIZE, "machine-%u", machine);
	return out;
}
