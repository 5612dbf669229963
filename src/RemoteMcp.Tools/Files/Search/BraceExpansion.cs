namespace RemoteMcp.Tools.Files.Search;

/// <summary>
/// Alternatives in a glob, which people and models write and the Matcher does not know: <c>*.{ts,tsx}</c> stands for
/// <c>*.ts</c> and <c>*.tsx</c>. Braces without a comma, or without their other half, are ordinary characters.
/// </summary>
internal static class BraceExpansion
{
    /// <summary>The most patterns that one may stand for.</summary>
    public const int MaxAlternatives = 64;

    /// <summary>Writes a pattern out.</summary>
    /// <returns><see langword="false"/> when it stands for more than <see cref="MaxAlternatives"/>.</returns>
    public static bool TryExpand(string pattern, out IReadOnlyList<string> patterns)
    {
        var done = new List<string>();
        patterns = done;
        var pending = new Stack<string>([pattern]);
        while (pending.TryPop(out string? next))
        {
            if (!TrySplit(next, out string before, out List<string> alternatives, out string after))
            {
                done.Add(next);
            }

            foreach (string alternative in alternatives)
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
        for (int open = pattern.IndexOf('{'); open >= 0; open = pattern.IndexOf('{', open + 1))
        {
            alternatives = [];
            int depth = 0;
            int start = open + 1;
            for (int i = open; i < pattern.Length; i++)
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
