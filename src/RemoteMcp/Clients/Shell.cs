using System.Buffers;

namespace RemoteMcp.Clients;

/// <summary>Creates command lines that a user can paste into the shell of this machine.</summary>
internal static class Shell
{
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./@");

    /// <summary>
    /// Returns the words as one line, with quotes where necessary: for cmd and PowerShell on Windows, and for POSIX shells on other
    /// systems.
    /// </summary>
    public static string Join(IEnumerable<string> words) => Join(words, OperatingSystem.IsWindows());

    /// <inheritdoc cref="Join(IEnumerable{string})"/>
    public static string Join(IEnumerable<string> words, bool windows) => string.Join(' ', words.Select(word => Quote(word, windows)));

    private static string Quote(string word, bool windows)
    {
        if (word.Length > 0 && !word.AsSpan().ContainsAnyExcept(s_plain))
        {
            return word;
        }

        return windows
            ? $"\"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
