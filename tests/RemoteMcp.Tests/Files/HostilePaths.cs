using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>
/// Provides paths that lead out of the shared folder, or that other software could interpret in this way. <c>{root}</c> is the full path
/// of the folder. <c>{parent}</c> is the folder above it, which contains outside.txt.
/// </summary>
internal static class HostilePaths
{
    public static TheoryData<string> All { get; } =
    [
        // Paths to the parent folder.
        "..", "../", "../outside.txt", "./../outside.txt", "sub/../../outside.txt", "sub/..",
        "sub/../file.txt", "sub/./../../outside.txt", "../../../../../../../../etc/passwd",
        ".../outside.txt", ".. /outside.txt", "..  ", ". ./outside.txt", "sub//../../outside.txt", "a/b/c/../../../../outside.txt",

        // Absolute paths, drives, network paths, and URIs.
        "/", "/etc/passwd", "//etc/passwd", "{root}/file.txt", "{parent}/outside.txt", "C:/Windows/win.ini", "C:\\Windows\\win.ini",
        "c:file.txt", "D:", "\\\\server\\share\\x", "//server/share/x", "\\\\?\\C:\\x", "\\\\.\\PhysicalDrive0",
        "\\etc\\passwd", "file:///etc/passwd", "http://localhost/x", "\\??\\C:\\x", "/proc/self/environ", "/dev/zero",

        // Backslashes.
        "..\\outside.txt", "sub\\..\\..\\outside.txt", "sub\\file.txt", "..\\/outside.txt", "sub/..\\../outside.txt",

        // Encodings: single, double, mixed, overlong, and invalid.
        "%2e%2e/outside.txt", "%2e%2e%2foutside.txt", "..%2foutside.txt", "%2E%2E%2Foutside.txt", ".%2e/outside.txt",
        "sub%2f..%2f..%2foutside.txt", "%252e%252e%252foutside.txt", "%25252e%25252e%25252foutside.txt",
        "..%5coutside.txt", "%5c%5cserver%5cshare", "%2fetc%2fpasswd", "%c0%ae%c0%ae/outside.txt", "..%c0%afoutside.txt",
        "%e0%80%ae%e0%80%ae/outside.txt", "file.txt%00.png", "%00", "%2525252525252e%2e/", "%ff%fe/..",

        // Characters that look like dots and slashes.
        "\uFF0E\uFF0E/outside.txt", "\uFF0E\uFF0E\uFF0Foutside.txt", "..\u2215outside.txt", "..\u2044outside.txt", "\u2025/outside.txt",
        "\u2024\u2024/outside.txt", "\uFE52\uFE52/outside.txt", "..\uFF3Coutside.txt", "..\uFE68outside.txt", "\uFF0Fetc\uFF0Fpasswd",

        // Invisible characters and characters that change the direction of the text.
        "file.txt\0", "file\0.txt", "\0", "file.txt\n", "file\r.txt", "\u202Etxt.elif",
        "file\u200E.txt", "\u2066file.txt\u2069", "file\u2028.txt", "\uFEFFfile.txt", "\uFFFDfile.txt",
        "file\u0085.txt", "\u001B[31mfile.txt", "\uFFFE", "file\t.txt", "file\u007F.txt",

        // Shell syntax and wildcards, which the tools do not interpret.
        "~/.ssh/id_rsa", "~", "$HOME/.bashrc", "${PWD}/../outside.txt", "sub/$(pwd)", "`id`", "-rf",
        "*", "**/../outside.txt", "file.txt::$DATA", "CON", "sub/file.txt/x", "file.txt/../outside.txt",

        // Paths that are too long or too deep.
        new string('a', 256), new string('a', 1025), string.Concat(Enumerable.Repeat("../", 400)),
        string.Concat(Enumerable.Repeat("a/", 511)),
    ];
}
