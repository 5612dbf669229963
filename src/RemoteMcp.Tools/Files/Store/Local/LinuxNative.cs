using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// The two system calls that .NET has no name for: openat2(2), which resolves a path beneath a directory in the kernel, and
/// statx(2), which tells a file from a pipe. Numbers and layouts are the kernel's ABI, the same on x64 and arm64.
/// </summary>
internal static partial class LinuxNative
{
    public const int NotPermitted = 1, NoEntry = 2, Interrupted = 4, Again = 11, AccessDenied = 13, CrossDevice = 18;
    public const int NotDirectory = 20, NameTooLong = 36, TooManyLinks = 40;

    private const int CurrentDirectory = -100;
    private const nint OpenAt2 = 437;
    private const ulong PathOnly = 0x200000, CloseOnExec = 0x80000;
    private const ulong NoMagicLinks = 0x02, Beneath = 0x08;
    private const int EmptyPath = 0x1000, NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;

    /// <summary>Opens the directory that paths are resolved beneath.</summary>
    /// <returns>An invalid handle when it failed; the error is the last P/Invoke error.</returns>
    public static SafeFileHandle OpenRoot(string root) => Open(CurrentDirectory, root, resolve: 0);

    /// <summary>Names a file without opening it (<c>O_PATH</c>), so that no pipe blocks and no device notices.</summary>
    /// <returns>An invalid handle when it failed; the error is the last P/Invoke error.</returns>
    public static SafeFileHandle OpenBeneath(SafeFileHandle root, string path) =>
        Open((int)root.DangerousGetHandle(), path, Beneath | NoMagicLinks);

    /// <summary>Looks at what a handle names.</summary>
    public static FileStatus Status(SafeFileHandle handle) =>
        TryStatus(handle, "", EmptyPath, out FileStatus status) ? status : throw Failure(Marshal.GetLastPInvokeError());

    /// <summary>Looks at an entry of a directory without following a link.</summary>
    public static bool TryStatus(SafeFileHandle directory, string name, out FileStatus status) =>
        TryStatus(directory, name, NoFollow, out status);

    /// <summary>An error that says nothing to the caller; the message goes to the log and holds no path.</summary>
    public static IOException Failure(int error) => new($"{Marshal.GetPInvokeErrorMessage(error)} (errno {error})");

    private static SafeFileHandle Open(int directory, string path, ulong resolve)
    {
        var how = new OpenHow { Flags = PathOnly | CloseOnExec, Resolve = resolve };
        return new SafeFileHandle(SystemCall(OpenAt2, directory, path, in how, (nuint)Marshal.SizeOf<OpenHow>()), ownsHandle: true);
    }

    private static bool TryStatus(SafeFileHandle directory, string name, int flags, out FileStatus status) =>
        Statx((int)directory.DangerousGetHandle(), name, flags, BasicStats, out status) == 0;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint SystemCall(nint number, nint directory, string path, in OpenHow how, nuint size);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out FileStatus status);

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary>The part of <c>struct statx</c> that is of use here.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct FileStatus
    {
        [FieldOffset(28)]
        private readonly ushort _mode;

        [FieldOffset(40)]
        private readonly long _size;

        [FieldOffset(112)]
        private readonly long _modifiedSeconds;

        [FieldOffset(120)]
        private readonly uint _modifiedNanoseconds;

        public readonly FileKind Kind => (_mode & 0xF000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Directory,
            0xA000 => FileKind.Link,
            _ => FileKind.Other,
        };

        public readonly long Size => _size;

        public readonly DateTimeOffset Modified => DateTimeOffset.UnixEpoch.AddTicks(
            Math.Clamp(_modifiedSeconds, 0, 253_402_300_799) * TimeSpan.TicksPerSecond + _modifiedNanoseconds / 100);
    }
}
