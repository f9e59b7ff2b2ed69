# SPDX-License-Identifier: MIT
# How everything here is compiled: sov_flags(<target>...), and the options of people who work on it.
include_guard(GLOBAL)

option(SOV_WERROR "Treat warnings as errors" OFF)
option(SOV_HARDEN "Stack protector, _FORTIFY_SOURCE, full RELRO, PIE" ON)
option(SOV_COVERAGE "Count executed lines for gcov" OFF)
set(SOV_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them: address,undefined")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
	set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()

# CMake's own Release is -O3, which makes start-up no faster and the programs larger.
string(REPLACE "-O3" "-O2" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(sov_warnings
	-Wall -Wextra -Wpedantic -Wshadow -Wformat=2 -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
	-Wundef -Wwrite-strings -Wnull-dereference)

# The tests of a peculiar libc or compiler: a flag that it does not know is left out.
include(CheckCCompilerFlag)
include(CheckPIESupported)
check_c_compiler_flag(-fstack-protector-strong SOV_HAVE_STACK_PROTECTOR)
check_pie_supported(LANGUAGES C)

# sov_flags(<target>...): private compile and link flags.
function(sov_flags)
	foreach(target IN LISTS ARGN)
		target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
		target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
		target_compile_options(${target} PRIVATE ${sov_warnings} $<$<BOOL:${SOV_WERROR}>:-Werror>)
		_sov_harden(${target})
		_sov_instrument(${target})
	endforeach()
endfunction()

function(_sov_harden target)
	if(NOT SOV_HARDEN)
		return()
	endif()
	if(SOV_HAVE_STACK_PROTECTOR)
		target_compile_options(${target} PRIVATE -fstack-protector-strong)
	endif()
	# _FORTIFY_SOURCE needs an optimizing compiler, and gets in AddressSanitizer's way.
	if(NOT SOV_SANITIZE)
		target_compile_options(${target} PRIVATE
			$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
	endif()
	target_link_options(${target} PRIVATE -Wl,-z,relro -Wl,-z,now)
endfunction()

function(_sov_instrument target)
	if(SOV_SANITIZE)
		set(flags "-fsanitize=${SOV_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
		target_compile_options(${target} PRIVATE ${flags})
		target_link_options(${target} PRIVATE ${flags})
	endif()
	if(SOV_COVERAGE)
		target_compile_options(${target} PRIVATE --coverage)
		target_link_options(${target} PRIVATE --coverage)
	endif()
endfunction()
