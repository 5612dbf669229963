using System.Text.RegularExpressions;
using RemoteMcp.ToolCalls;

namespace RemoteMcp.Cli.Migration;

/// <summary>
/// Detects text in a command line that may be a secret, so that it is never printed. In case of doubt, it hides the text.
/// </summary>
internal static partial class SecretText
{
    /// <summary>The text that replaces a secret.</summary>
    public const string Hidden = "(hidden)";

    // Longer than any argument that a person reads. The limit bounds the work for malicious input.
    private const int MaxLength = 1000;

    /// <summary>Returns whether a variable, option, or property with this name probably contains a secret.</summary>
    public static bool IsSecretName(string name) => SecretName().IsMatch(name);

    /// <summary>Returns whether an argument is a path on this machine.</summary>
    public static bool IsLocalPath(string argument) => LocalPath().IsMatch(argument);

    /// <summary>Returns the arguments with secrets replaced, and whether each argument was changed.</summary>
    public static IEnumerable<(string Text, bool Redacted)> Redact(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var followsSecretOption = i > 0
                && arguments[i - 1].StartsWith('-')
                && IsSecretName(arguments[i - 1])
                && !arguments[i - 1].Contains('=', StringComparison.Ordinal);
            var shown = followsSecretOption && !arguments[i].StartsWith('-') ? Hidden : Redact(arguments[i]);
            yield return (shown, shown != arguments[i]);
        }
    }

    /// <summary>Returns the text with secrets replaced.</summary>
    public static string Redact(string text)
    {
        var shown = SafeText.Truncate(text, MaxLength);
        shown = RedactAssignments(shown);
        shown = UserInfo().Replace(shown, $"${{scheme}}{Hidden}@");
        shown = KnownToken().Replace(shown, Hidden);
        return LongWord().Replace(shown, static match =>
            match.Value.Any(char.IsAsciiDigit) && match.Value.Any(char.IsAsciiLetter) ? Hidden : match.Value);
    }

    // A value can contain another assignment, for example --header=X-Api-Key: value.
    // In a URL, code is the key of an Azure function, and sig is the signature of a shared access signature.
    private static string RedactAssignments(string text) => Assignment().Replace(text, static match =>
    {
        var (name, value) = (match.Groups["name"].Value, match.Groups["value"].Value);
        var shown = !IsSecretName(name) && name is not ("code" or "sig")
            ? RedactAssignments(value)
            : value.Length > 0 && !Reference().IsMatch(value) ? Hidden : value;
        return name + match.Groups["sign"].Value + shown;
    });

    [GeneratedRegex(
        "token|key|secret|passw|passphrase|pwd|credential|connection[-_]?string|signature|auth|bearer|cookie"
            + "|(^|[^a-z])(pat|pw|pass)([^a-z]|$)|(database|db|postgres|mongo|mongodb|redis)_?ur[il]",
        RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    // Matches NAME=value, --name=value, Name: value, and the pairs in connection strings.
    [GeneratedRegex("(?<name>[A-Za-z_-][A-Za-z0-9_. -]{0,80}?)(?<sign>\\s*[=:]\\s*)(?!//)(?<value>[^;&]*)")]
    private static partial Regex Assignment();

    // A reference to a value that is stored elsewhere is not a secret.
    [GeneratedRegex("^\\$\\{[^}]*\\}$|^\\$[A-Za-z_]+$|^%[A-Za-z_]+%$")]
    private static partial Regex Reference();

    [GeneratedRegex("(?<scheme>[a-z][a-z0-9+.-]*://)[^/@\\s]+@", RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();

    [GeneratedRegex("\\b(gh[a-z]_|github_pat_|glpat-|sk-|xox[a-z]-|AKIA|eyJ|AIza|npm_|hf_|ntn_|lin_api_)[A-Za-z0-9_.=-]{6,}")]
    private static partial Regex KnownToken();

    // A long word with letters and digits is probably a key.
    [GeneratedRegex("(?<![A-Za-z0-9_./@-])[A-Za-z0-9+_=-]{24,}(?![A-Za-z0-9_./@-])")]
    private static partial Regex LongWord();

    [GeneratedRegex(
        "^(/|~|\\.\\.?[/\\\\]|\\.$|[A-Za-z]:[\\\\/]|\\\\\\\\|file://)|\\$\\{(workspaceFolder|userHome|HOME)"
            + "|^--[a-z-]+=(/|~|[A-Za-z]:\\\\)")]
    private static partial Regex LocalPath();
}
