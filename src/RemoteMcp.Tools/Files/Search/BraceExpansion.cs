namespace RemoteMcp.Tools.Files.Search;

/// <summary>
/// Expands alternatives in globs: <c>*.{ts,tsx}</c> becomes <c>*.ts</c> and <c>*.tsx</c>. People and models write them, but the
/// <c>Matcher</c> of .NET does not support them. Braces without a comma, and unbalanced braces, are ordinary characters.
/// </summary>
internal static class BraceExpansion
{
    /// <summary>The maximum number of patterns that one pattern can expand to.</summary>
    public const int MaxAlternatives = 64;

    /// <summary>Expands a pattern.</summary>
    /// <returns><see langword="false"/> if the pattern expands to more than <see cref="MaxAlternatives"/> patterns.</returns>
    public static bool TryExpand(string pattern, out IReadOnlyList<string> patterns)
    {
        var done = new List<string>();
        patterns = done;
        var pending = new Stack<string>([pattern]);
        while (pending.TryPop(out var next))
        {
            if (!TrySplit(next, out var before, out var alternatives, out var after))
            {
                done.Add(next);
            }

            foreach (var alternative in alternatives)
            {
                pending.Push(before + alternative + after);
            }

            if (done.Count + pending.Count > MaxAlternatives)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TrySplit(string pattern, out string before, out List<string> alternatives, out string after)
    {
        for (var open = pattern.IndexOf('{'); open >= 0; open = pattern.IndexOf('{', open + 1))
        {
            alternatives = [];
            var depth = 0;
            var start = open + 1;
            for (var i = open; i < pattern.Length; i++)
            {
                depth += pattern[i] switch { '{' => 1, '}' => -1, _ => 0 };
                if (depth == 0 || depth == 1 && pattern[i] == ',')
                {
                    alternatives.Add(pattern[start..i]);
                    start = i + 1;
                }

                if (depth == 0)
                {
                    break;
                }
            }

            if (depth == 0 && alternatives.Count > 1)
            {
                before = pattern[..open];
                after = pattern[start..];
                return true;
            }
        }

        (before, alternatives, after) = ("", [], "");
        return false;
    }
}
