using System.Globalization;
using System.Text;

namespace RemoteMcp.Tools.Files.Store.Local;

/// <summary>
/// Detects paths whose files other programs trust: names that start with a dot (<c>.git/hooks</c>, <c>.ssh/authorized_keys</c>,
/// <c>.bashrc</c>, <c>.vscode</c>), and the entries of a bare Git repository (<c>team.git/hooks</c>). A program can execute such a file, or
/// accept the key in it, without a question to the user.
/// </summary>
/// <param name="allowed">The names that the operator allows. <c>*</c> allows all.</param>
internal sealed class ProtectedNames(IEnumerable<string> allowed)
{
    private const string BareRepository = ".git";

    private readonly HashSet<string> _allowed = new(allowed, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the first protected name of a path, or <see langword="null"/> if there is none.</summary>
    /// <param name="path">The path, with <c>/</c> between names.</param>
    public string? FindIn(string path)
    {
        if (_allowed.Contains("*"))
        {
            return null;
        }

        var names = path.Split('/');
        return names
            .Where((name, i) => StartsWithDot(name)
                || i < names.Length - 1 && name.EndsWith(BareRepository, StringComparison.OrdinalIgnoreCase)
                // A folder on Linux can be on a volume of Windows, which finds .git by the name GIT~1 (CVE-2019-1353).
                || WindowsNames.IsShortName(name))
            .FirstOrDefault(name => !_allowed.Contains(name));
    }

    // Some file systems ignore invisible characters in names (CVE-2014-9390), and readers do not see them.
    private static bool StartsWithDot(string name)
    {
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format)
            {
                // U+2024, U+2025, U+FE52, and U+FF0E look like dots, and Unicode normalization (NFKC) replaces them by dots.
                return rune.Value is '.' or 0x2024 or 0x2025 or 0xFE52 or 0xFF0E;
            }
        }

        return false;
    }
}
