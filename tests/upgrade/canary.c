/* SPDX-License-Identifier: MIT */
/*
 * canary - makes the file TRACE when any of it runs. Built with one of
 *
 *	-DCONSTRUCTOR	when it is loaded
 *	-DIFUNC		when a symbol of it is resolved, which is before
 *	-DAUDITOR	when ld.so loads it because DT_AUDIT or DT_DEPAUDIT of another file names it
 *	-DINTERPRETER	when the kernel starts it because PT_INTERP of another file names it
 *
 * By a system call of its own: at three of these moments the C library is not ready.
 */
#include <fcntl.h>
#include <sys/syscall.h>

int canary(void);

#if defined(__x86_64__)
static long call(long number, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long rc = number;

	__asm__ volatile("syscall"
			 : "+a"(rc)
			 : "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return rc;
}
#elif defined(__aarch64__)
static long call(long number, long a, long b, long c, long d)
{
	register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b,
			 x2 __asm__("x2") = c, x3 __asm__("x3") = d;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
	return x0;
}
#else
#error "a system call of this machine is needed here"
#endif

static void sing(void)
{
	static const char trace[] = TRACE;

	call(SYS_openat, AT_FDCWD, (long)trace, O_CREAT | O_WRONLY, 0644);
}

#if defined(CONSTRUCTOR)
__attribute__((constructor)) static void load(void)
{
	sing();
}
#elif defined(IFUNC)
static int twitter(void)
{
	return 1;
}

static int (*resolve(void))(void)
{
	sing();
	return twitter;
}

__attribute__((ifunc("resolve"))) int canary(void);

/* a relocation that has it resolved at the load */
int (*const canary_pointer)(void) = canary;
#elif defined(AUDITOR)
unsigned la_version(unsigned version);

unsigned la_version(unsigned version)
{
	sing();
	return version;
}
#elif defined(INTERPRETER)
void _start(void);

void _start(void)
{
	sing();
	call(SYS_exit_group, 0, 0, 0, 0);
}
#endif
