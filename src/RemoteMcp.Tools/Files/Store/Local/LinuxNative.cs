using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// The two system calls that .NET does not expose. openat2(2) resolves a path beneath a directory in the kernel. statx(2) returns the type
/// of a file, for example a regular file or a pipe. The numbers and layouts are part of the kernel's ABI, and are the same on x64 and
/// arm64.
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

    /// <summary>Opens the root directory, beneath which all paths are resolved.</summary>
    /// <returns>An invalid handle if the call failed. The error is the last P/Invoke error.</returns>
    public static SafeFileHandle OpenRoot(string root) => Open(CurrentDirectory, root, resolve: 0);

    /// <summary>Gets a handle to a file without opening it (<c>O_PATH</c>). A pipe does not block, and a device is not accessed.</summary>
    /// <returns>An invalid handle if the call failed. The error is the last P/Invoke error.</returns>
    public static SafeFileHandle OpenBeneath(SafeFileHandle root, string path) =>
        Open((int)root.DangerousGetHandle(), path, Beneath | NoMagicLinks);

    /// <summary>Returns the status of the file that a handle refers to.</summary>
    public static FileStatus Status(SafeFileHandle handle) =>
        TryStatus(handle, "", EmptyPath, out var status) ? status : throw Failure(Marshal.GetLastPInvokeError());

    /// <summary>Returns the status of an entry of a directory. Does not follow links.</summary>
    public static bool TryStatus(SafeFileHandle directory, string name, out FileStatus status) =>
        TryStatus(directory, name, NoFollow, out status);

    /// <summary>Creates an exception with a message for the log. The message contains no path, and the caller gets no details.</summary>
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

    /// <summary>The fields of <c>struct statx</c> that this class uses.</summary>
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
