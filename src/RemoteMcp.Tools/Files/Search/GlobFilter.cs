using Microsoft.Extensions.FileSystemGlobbing;
using ModelContextProtocol;
using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tools.Files.Search;

/// <summary>
/// A glob: <c>*</c> matches within a name, <c>**</c> matches across directories, and <c>{a,b}</c> matches alternatives. Letter case is
/// ignored. A pattern without a slash is matched against the name, at any depth. A pattern with a slash is matched against the path
/// relative to the directory that is searched.
/// </summary>
internal sealed class GlobFilter
{
    /// <summary>The maximum length of a pattern, in UTF-16 characters.</summary>
    public const int MaxLength = 256;

    private readonly Matcher? _names;
    private readonly Matcher? _paths;

    private GlobFilter(IReadOnlyList<string> patterns)
    {
        _names = MatcherFor(patterns.Where(pattern => !pattern.Contains('/')));
        _paths = MatcherFor(patterns.Where(pattern => pattern.Contains('/')));
        MatchesAll = patterns.Any(pattern => pattern is "*" or "**" or "**/*");
    }

    /// <summary>Gets whether the glob matches every path.</summary>
    public bool MatchesAll { get; }

    /// <summary>Parses a pattern of files to include. An empty pattern includes all files.</summary>
    /// <exception cref="McpException">The pattern is too long or uses unsupported syntax.</exception>
    public static GlobFilter Including(string? pattern, string parameter) =>
        new([.. Parse(string.IsNullOrEmpty(pattern) ? "*" : pattern, parameter).Select(p => p.EndsWith('/') ? p + "**" : p)]);

    /// <summary>Parses a pattern of files and directories to exclude. An empty pattern excludes nothing.</summary>
    /// <exception cref="McpException">The pattern is too long or uses unsupported syntax.</exception>
    public static GlobFilter Excluding(string? pattern, string parameter) =>
        new([.. Parse(pattern ?? "", parameter).Select(p => p.TrimEnd('/'))]);

    /// <summary>Returns whether a path, or its last name, matches.</summary>
    /// <param name="path">The path.</param>
    /// <param name="directory">The directory to which paths in the pattern are relative.</param>
    public bool IsMatch(FilePath path, FilePath directory) =>
        MatchesAll
        || _names is not null && _names.Match("/", path.Name).HasMatches
        || _paths is not null && _paths.Match("/", path.Below(directory)).HasMatches;

    private static IReadOnlyList<string> Parse(string pattern, string parameter)
    {
        var problem = pattern.Length > MaxLength
            ? $"has {pattern.Length} characters; at most {MaxLength} are allowed"
            : FindProblem(pattern);
        if (problem is null && BraceExpansion.TryExpand(pattern, out var patterns))
        {
            return [.. patterns.Where(p => p.Length > 0)];
        }

        problem ??= $"has more than {BraceExpansion.MaxAlternatives} alternatives";
        throw new McpException(
            $"{parameter}: {SafeText.Quote(pattern)} {problem}. "
                + $"Use * within a name, ** across directories and {{a,b}} for alternatives, such as 'src/**/*.{{cs,md}}'.");
    }

    private static string? FindProblem(string pattern) => pattern switch
    {
        _ when pattern.Contains('\\') => "contains '\\'; the separator is '/'",
        _ when pattern.Contains('?') => "contains '?', which is not supported",
        ['/', ..] => "is absolute",
        ['!', ..] => "is negated, which is not supported",
        _ when pattern.Split('/').Contains("..") => "contains '..'",
        _ when pattern.Any(char.IsControl) => "contains a control character",
        _ => null,
    };

    private static Matcher? MatcherFor(IEnumerable<string> patterns)
    {
        string[] includes = [.. patterns];
        if (includes.Length == 0)
        {
            return null;
        }

        var matcher = new Matcher(StringComparison.OrdinalIgnoreCase);
        matcher.AddIncludePatterns(includes);
        return matcher;
    }
}
