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
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… and {report.Bad.Count - report.Bad.First.Count:#,0} more bad lines."));
        }

        foreach (var merged in report.Merged)
        {
            error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"warning: {merged} has more than {DayTotals.MaxValues:#,0} values; those after the first {DayTotals.MaxValues:#,0} are told together, as others."));
        }

        switch (report.Outcome)
        {
            case ImportOutcome.Imported:
                output.WriteLine($"Imported {Summary(report.Import)}. Its id is {report.Id[..ShortId]}.");
                if (report.Bad.Count > 0)
                {
                    error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"Left out {report.Bad.Count:#,0} bad lines. Correct them in a file of their own and import that; the others count already."));
                }

                break;
            case ImportOutcome.AlreadyImported:
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"Nothing to do: the same content was imported at {report.Import.ImportedAt:yyyy-MM-dd HH:mm}Z, as {Summary(report.Import)}."));
                break;
            case ImportOutcome.Checked:
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Nothing was imported; it would be {Summary(report.Import)}, without {report.Bad.Count:#,0} bad lines."));
                break;
            default:
                error.WriteLine(report.Bad.Count == 0 ? "error: the file has no events. Nothing was imported."
                    : string.Create(CultureInfo.InvariantCulture, $"error: {report.Bad.Count:#,0} lines are bad. Nothing was imported."));
                break;
        }

        return report.Outcome == ImportOutcome.Refused ? Failed : report.Bad.Count > 0 ? BadLinesLeftOut : Done;
    }

    /// <summary>Returns a short description of an import.</summary>
    public static string Summary(ImportRecord import)
    {
        var metrics = import.Metrics;
        return metrics.Count == 0 ? "no events" : string.Create(CultureInfo.InvariantCulture,
            $"{import.Events:#,0} events of {Names(metrics.Keys)}, {new Period(metrics.Values.Min(m => m.From), metrics.Values.Max(m => m.To))}, from {SafeText.Quote(import.File)}");
    }

    private static string Names(IEnumerable<string> metrics)
    {
        string[] names = [.. metrics];
        return names.Length <= 5 ? string.Join(", ", names) : $"{string.Join(", ", names[..5])} and {names.Length - 5} more";
    }
}
