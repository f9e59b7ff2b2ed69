# SPDX-License-Identifier: MIT
# What goes where. Component Runtime: what a program that uses libsov, or a person who types sov, needs;
# Development: what somebody who compiles against libsov needs.
include_guard(GLOBAL)

# The masquerading links point from libexec to bin by a relative path, whatever the two are called.
function(sov_install_masquerade)
	set(dir "${CMAKE_INSTALL_LIBEXECDIR}/sovcc")
	file(RELATIVE_PATH target "${CMAKE_INSTALL_FULL_LIBEXECDIR}/sovcc" "${CMAKE_INSTALL_FULL_BINDIR}/sovcc")
	file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/install/libexec")
	foreach(name IN LISTS SOV_MASQUERADES)
		file(CREATE_LINK "${target}" "${PROJECT_BINARY_DIR}/install/libexec/${name}" SYMBOLIC)
		install(FILES "${PROJECT_BINARY_DIR}/install/libexec/${name}" DESTINATION "${dir}" COMPONENT Runtime)
	endforeach()
endfunction()

# libsov.pc finds its prefix from where it lies, so that `cmake --install --prefix` and a moved tree are right.
function(sov_install_pkgconfig)
	set(SOV_PC_LIBDIR "${CMAKE_INSTALL_FULL_LIBDIR}")
	set(SOV_PC_INCLUDEDIR "${CMAKE_INSTALL_FULL_INCLUDEDIR}")
	set(SOV_PC_PREFIX "${CMAKE_INSTALL_PREFIX}")
	if(NOT IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}" AND NOT IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
		file(RELATIVE_PATH up "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" /prefix)
		string(REGEX REPLACE "/$" "" up "${up}")
		set(SOV_PC_PREFIX "\${pcfiledir}/${up}")
		set(SOV_PC_LIBDIR "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
		set(SOV_PC_INCLUDEDIR "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
	endif()
	configure_file("${PROJECT_SOURCE_DIR}/cmake/libsov.pc.in" "${PROJECT_BINARY_DIR}/install/libsov.pc" @ONLY)
	install(FILES "${PROJECT_BINARY_DIR}/install/libsov.pc"
		DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT Development)
endfunction()

function(sov_install_manual)
	foreach(section 1 3 5 7)
		file(GLOB pages CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/man/*.${section}")
		install(FILES ${pages} DESTINATION "${CMAKE_INSTALL_MANDIR}/man${section}" COMPONENT Runtime)
	endforeach()
endfunction()

# completions/ holds a directory for each shell, below it what lies in the shell's own place.
function(sov_install_completions)
	set(bash bash-completion/completions)
	set(zsh zsh/site-functions)
	set(fish fish/vendor_completions.d)
	foreach(shell bash zsh fish)
		file(GLOB files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/completions/${shell}/*")
		install(FILES ${files} DESTINATION "${CMAKE_INSTALL_DATADIR}/${${shell}}" COMPONENT Runtime)
	endforeach()
endfunction()

install(TARGETS sov sovcc RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT Runtime)
install(FILES "${PROJECT_BINARY_DIR}/bin/sovc++" DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT Runtime)
sov_install_masquerade()

install(TARGETS sov_shared
	LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT Runtime NAMELINK_COMPONENT Development)
install(TARGETS sov_static ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT Development)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/sov" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
	COMPONENT Development FILES_MATCHING PATTERN "*.h")
sov_install_pkgconfig()
sov_install_manual()
sov_install_completions()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT Runtime)
