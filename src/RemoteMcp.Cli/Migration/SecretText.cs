using System.Text.RegularExpressions;

namespace RemoteMcp.Cli.Migration;

/// <summary>Tells what in a command line may be a secret, so that it is never printed. Errs on the side of hiding.</summary>
internal static partial class SecretText
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Hidden = "(hidden)";

    // Longer than any argument that a person reads; bounds the work on hostile ones.
    private const int MaxLength = 1000;

    /// <summary>Whether a variable, option or property of that name is likely to hold a secret.</summary>
    public static bool IsSecretName(string name) => SecretName().IsMatch(name);

    /// <summary>Whether an argument is a path of this machine.</summary>
    public static bool IsLocalPath(string argument) => LocalPath().IsMatch(argument);

    /// <summary>The arguments as they may be shown.</summary>
    public static IEnumerable<(string Text, bool Redacted)> Redact(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var belongsToName = i > 0 && arguments[i - 1].StartsWith('-') && IsSecretName(arguments[i - 1]) && !arguments[i - 1].Contains('=', StringComparison.Ordinal);
            var shown = belongsToName && !arguments[i].StartsWith('-') ? Hidden : Redact(arguments[i]);
            yield return (shown, shown != arguments[i]);
        }
    }

    /// <summary>One text as it may be shown.</summary>
    public static string Redact(string text)
    {
        var shown = text.Length > MaxLength ? text[..MaxLength] + "…" : text;
        shown = Assignment().Replace(shown, match => IsSecretName(match.Groups["name"].Value) && match.Groups["value"].Length > 0 && !Reference().IsMatch(match.Groups["value"].Value)
            ? match.Groups["name"].Value + match.Groups["sign"].Value + Hidden
            : match.Value);
        shown = UserInfo().Replace(shown, $"${{scheme}}{Hidden}@");
        shown = KnownToken().Replace(shown, Hidden);
        return LongWord().Replace(shown, static match => match.Value.Any(char.IsAsciiDigit) && match.Value.Any(char.IsAsciiLetter) ? Hidden : match.Value);
    }

    [GeneratedRegex("token|key|secret|passw|pwd|credential|connection[-_]?string|auth|bearer|cookie|(^|[^a-z])pat([^a-z]|$)|(database|db|postgres|mongo|mongodb|redis)_?ur[il]", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    // NAME=value, --name=value, Name: value, and the pairs of connection strings.
    [GeneratedRegex("(?<name>[A-Za-z_-][A-Za-z0-9_. -]{0,80}?)(?<sign>\\s*[=:]\\s*)(?!//)(?<value>[^;&]*)")]
    private static partial Regex Assignment();

    // A reference to a value kept elsewhere is no secret.
    [GeneratedRegex("^\\$\\{[^}]*\\}$|^\\$[A-Za-z_]+$|^%[A-Za-z_]+%$")]
    private static partial Regex Reference();

    [GeneratedRegex("(?<scheme>[a-z][a-z0-9+.-]*://)[^/@\\s]+@", RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();

    [GeneratedRegex("\\b(gh[a-z]_|github_pat_|glpat-|sk-|xox[a-z]-|AKIA|eyJ|AIza|npm_|hf_|ntn_|lin_api_)[A-Za-z0-9_.=-]{6,}")]
    private static partial Regex KnownToken();

    [GeneratedRegex("(?<![A-Za-z0-9_./@-])[A-Za-z0-9+_=-]{24,}(?![A-Za-z0-9_./@-])")]
    private static partial Regex LongWord();

    [GeneratedRegex("^(/|~|\\.\\.?[/\\\\]|\\.$|[A-Za-z]:[\\\\/]|\\\\\\\\|file://)|\\$\\{(workspaceFolder|userHome|HOME)|^--[a-z-]+=(/|~|[A-Za-z]:\\\\)")]
    private static partial Regex LocalPath();
}
