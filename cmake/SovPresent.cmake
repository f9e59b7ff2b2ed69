# SPDX-License-Identifier: MIT
# Temporary, while the rooms are being filled.
include_guard(GLOBAL)

# sov_present(<out> <file>...): those of the files that exist; a new one reconfigures.
function(sov_present out)
	set(there "")
	foreach(file IN LISTS ARGN)
		get_filename_component(dir "${CMAKE_CURRENT_SOURCE_DIR}/${file}" DIRECTORY)
		file(GLOB watched CONFIGURE_DEPENDS "${dir}/*.c")
		if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
			list(APPEND there "${file}")
		endif()
	endforeach()
	set(${out} "${there}" PARENT_SCOPE)
endfunction()

# sov_add_room(<dir> <file>): add_subdirectory() when that file of it is there.
function(sov_add_room dir file)
	file(GLOB watched CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${dir}/*")
	if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${dir}/${file}")
		add_subdirectory(${dir})
	endif()
endfunction()
