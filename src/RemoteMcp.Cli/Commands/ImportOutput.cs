using System.Globalization;
using RemoteMcp.ToolCalls;
using RemoteMcp.Tools.Analytics;
using RemoteMcp.Tools.Analytics.Import;
using RemoteMcp.Tools.Analytics.Store;

namespace RemoteMcp.Cli.Commands;

/// <summary>Writes the result of an import for people, and returns the exit code for scripts.</summary>
internal static class ImportOutput
{
    /// <summary>The number of characters of an ID to show.</summary>
    public const int ShortId = 12;

    private const int Done = 0;
    private const int Failed = 1;
    private const int BadLinesLeftOut = 2;

    /// <summary>Writes the report. Results go to standard output, and errors go to standard error.</summary>
    /// <returns>0 if all lines are imported, now or earlier; 1 if nothing was imported; 2 if invalid lines were left out.</returns>
    public static int Write(ImportReport report, TextWriter output, TextWriter error)
    {
        foreach (var bad in report.Bad.First)
        {
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"line {bad.Line}: {bad.Problem}"));
        }

        if (report.Bad.Count > report.Bad.First.Count)
        {
            error.WriteLine($"… and {Count(report.Bad.Count - report.Bad.First.Count, "more invalid line")}.");
        }

        foreach (var merged in report.Merged)
        {
            var limit = DayTotals.MaxValues.ToString("#,0", CultureInfo.InvariantCulture);
            error.WriteLine($"warning: {merged} has more than {limit} values. The values after the first {limit} count as 'other'.");
        }

        switch (report.Outcome)
        {
            case ImportOutcome.Imported:
                output.WriteLine($"Imported {Summary(report.Import)}. The id of the import is {report.Id[..ShortId]}.");
                if (report.Bad.Count > 0)
                {
                    error.WriteLine($"Skipped {Count(report.Bad.Count, "invalid line")}. "
                        + "Correct the skipped lines in a separate file and import that file. The other lines already count.");
                }

                break;
            case ImportOutcome.AlreadyImported:
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"Nothing to do: the same content was imported at {report.Import.ImportedAt:yyyy-MM-dd HH:mm}Z, "
                        + $"as {Summary(report.Import)}."));
                break;
            case ImportOutcome.Checked:
                output.WriteLine($"Nothing was imported. The import would contain {Summary(report.Import)}, "
                    + $"and skip {Count(report.Bad.Count, "invalid line")}.");
                break;
            default:
                error.WriteLine(report.Bad.Count == 0 ? "error: the file has no events. Nothing was imported."
                    : $"error: the file has {Count(report.Bad.Count, "invalid line")}. Nothing was imported.");
                break;
        }

        return report.Outcome == ImportOutcome.Refused ? Failed : report.Bad.Count > 0 ? BadLinesLeftOut : Done;
    }

    /// <summary>Returns a short description of an import.</summary>
    public static string Summary(ImportRecord import)
    {
        var metrics = import.Metrics;
        if (metrics.Count == 0)
        {
            return "no events";
        }

        var period = new Period(metrics.Values.Min(m => m.From), metrics.Values.Max(m => m.To));
        return $"{Count(import.Events, "event")} of {Names(metrics.Keys)}, {period}, from {SafeText.Quote(import.File)}";
    }

    private static string Count(long count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {noun}{(count == 1 ? "" : "s")}");

    private static string Names(IEnumerable<string> metrics)
    {
        string[] names = [.. metrics];
        return names.Length <= 5 ? string.Join(", ", names) : $"{string.Join(", ", names[..5])} and {names.Length - 5} more";
    }
}
