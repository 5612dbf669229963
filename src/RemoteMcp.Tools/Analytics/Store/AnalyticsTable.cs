using System.Globalization;
using RemoteMcp.Storage;

namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>
/// The keys of the table <c>Analytics</c>. A partition is a metric in a month, a row is
/// <c>DIMENSION~DAY~IMPORT~PART</c> (DIMENSION is empty for totals): a month of one dimension is one range of one partition. The
/// partition <c>imports</c> has a row for each file, by the SHA-256 of its content.
/// </summary>
/// <remarks>
/// Every import has rows of its own, whose keys and bodies follow from the file's content; nothing is added up in place. So a write that
/// is repeated, after a crash or by a second process, writes what is there already, and imports never meet on a row. A query adds up the
/// rows of the imports that are listed in <c>imports</c>: that row is written last.
/// </remarks>
internal static class AnalyticsTable
{
    public const string Name = "Analytics";

    public const string Imports = "imports";

    private const char Separator = '~';

    /// <summary>No row expires; the sweep of expired rows therefore leaves this table out.</summary>
    public static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string Partition(string metric, DateOnly month) =>
        string.Create(CultureInfo.InvariantCulture, $"{metric}{Separator}{month:yyyy-MM}");

    public static string Row(string dimension, DateOnly day, string rowsId, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{dimension}{Separator}{day:yyyy-MM-dd}{Separator}{rowsId}{Separator}{part:0000}");

    /// <summary>The rows of a dimension, or of the totals, on some days.</summary>
    public static StateRange Range(string dimension, Period days) =>
        new(After: $"{dimension}{Separator}{Period.Text(days.From)}", Before: $"{dimension}{Separator}{Period.Text(days.To.AddDays(1))}");

    /// <summary>What a row's key says, besides its dimension.</summary>
    public static (DateOnly Day, string RowsId) Read(string row)
    {
        string[] parts = row.Split(Separator);
        return (DateOnly.ParseExact(parts[1], "yyyy-MM-dd", CultureInfo.InvariantCulture), parts[2]);
    }
}
