namespace RemoteMcp.Configuration;

/// <summary>Finds the known name that is nearest to a misspelled name.</summary>
internal static class NearestName
{
    // A longer text is not a misspelled name, and comparing it would take long.
    private const int MaxLength = 100;

    /// <summary>
    /// Returns the known name that differs from the text in the fewest letters, or <see langword="null"/> if no name is similar.
    /// </summary>
    /// <param name="text">The misspelled name.</param>
    /// <param name="names">The known names.</param>
    public static string? Find(string text, IEnumerable<string> names)
    {
        if (text.Length > MaxLength)
        {
            return null;
        }

        // A typing error changes only a few letters.
        var maxEdits = Math.Max(2, text.Length / 3);
        return names.Select(name => (Name: name, Edits: CountEdits(text, name)))
            .Where(candidate => candidate.Edits <= maxEdits)
            .OrderBy(static candidate => candidate.Edits)
            .ThenBy(static candidate => candidate.Name, StringComparer.Ordinal)
            .Select(static candidate => candidate.Name)
            .FirstOrDefault();
    }

    /// <summary>Counts the letters to insert, delete, or replace (the Levenshtein distance), ignoring letter case.</summary>
    private static int CountEdits(string from, string to)
    {
        var previous = Enumerable.Range(0, to.Length + 1).ToArray();
        var current = new int[to.Length + 1];
        for (var i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replace = previous[j - 1] + (char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replace, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[to.Length];
    }
}
