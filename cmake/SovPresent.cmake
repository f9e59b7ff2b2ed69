# SPDX-License-Identifier: MIT
# Temporary, while the rooms are being filled.
include_guard(GLOBAL)

# sov_present(<out> <file>...): those of the files that exist.
function(sov_present out)
	set(there "")
	foreach(file IN LISTS ARGN)
		if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
			list(APPEND there "${file}")
		endif()
	endforeach()
	set(${out} "${there}" PARENT_SCOPE)
endfunction()

# sov_add_room(<dir>): add_subdirectory() when it has a CMakeLists.txt and sources.
function(sov_add_room dir)
	file(GLOB sources "${CMAKE_CURRENT_SOURCE_DIR}/${dir}/*.c")
	if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${dir}/CMakeLists.txt" AND sources)
		add_subdirectory(${dir})
	endif()
endfunction()
