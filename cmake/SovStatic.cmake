# SPDX-License-Identifier: MIT
# Can a program that reads ELF files be linked without any shared library here?
include_guard(GLOBAL)
include(CheckCSourceCompiles)

function(_sov_try_static result)
	set(CMAKE_REQUIRED_QUIET ON)
	set(CMAKE_REQUIRED_FLAGS "-static")
	set(CMAKE_REQUIRED_INCLUDES ${LIBELF_INCLUDE_DIRS})
	set(CMAKE_REQUIRED_LIBRARIES ${ARGN})
	check_c_source_compiles("
		#include <gelf.h>
		#include <stddef.h>
		int main(void)
		{
			GElf_Ehdr ehdr;
			GElf_Phdr phdr;
			GElf_Dyn dyn;
			Elf *elf = elf_version(EV_CURRENT) ? elf_begin(0, ELF_C_READ, NULL) : NULL;
			Elf_Data *data = elf_getdata_rawchunk(elf, 0, 1, ELF_T_DYN);
			return gelf_getehdr(elf, &ehdr) && gelf_getphdr(elf, 0, &phdr) && gelf_getdyn(data, 0, &dyn) &&
				elf_end(elf);
		}" ${result})
endfunction()

# sov_link_statically(<target> <library>...): link without any shared library where libc.a and libelf.a are to be
# had, else as usual. Sanitizers need a dynamic link.
function(sov_link_statically target)
	target_link_libraries(${target} PRIVATE ${ARGN})
	if(NOT SOV_STATIC_SOVCC OR SOV_SANITIZE)
		return()
	endif()
	_sov_try_static(SOV_HAVE_STATIC_LIBELF elf)
	if(NOT SOV_HAVE_STATIC_LIBELF)
		# Newer ones cannot do without the libraries that they decompress with.
		_sov_try_static(SOV_HAVE_STATIC_LIBELF_DEPENDENCIES ${LIBELF_STATIC_LIBRARIES})
		if(SOV_HAVE_STATIC_LIBELF_DEPENDENCIES)
			target_link_libraries(${target} PRIVATE ${LIBELF_STATIC_LIBRARIES})
		endif()
	endif()
	if(SOV_HAVE_STATIC_LIBELF OR SOV_HAVE_STATIC_LIBELF_DEPENDENCIES)
		set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
		target_link_options(${target} PRIVATE -static)
		message(STATUS "sovcc is linked statically")
	else()
		message(STATUS "sovcc is linked dynamically: no static libc and libelf here")
	endif()
endfunction()
