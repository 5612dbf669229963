using System.Globalization;
using RemoteMcp.Storage;

namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>
/// Defines the keys of the table <c>Analytics</c>. A partition holds one metric in one month. The row key is
/// <c>DIMENSION~DAY~IMPORT~PART</c> (DIMENSION is empty for totals), so a month of one dimension is one range of one partition. The
/// partition <c>imports</c> has one row for each file. Its row key is the SHA-256 of the content of the file.
/// </summary>
/// <remarks>
/// Each import has its own rows, and the content of the file determines their keys and bodies. The import never adds to existing rows. A
/// write that is repeated, after a crash or by a second process, therefore writes the same rows again, and two imports never write to the
/// same row. A query adds up the rows of the imports that the partition <c>imports</c> lists. The row of an import in that partition is
/// written last.
/// </remarks>
internal static class AnalyticsTable
{
    public const string Name = "Analytics";

    public const string Imports = "imports";

    private const char Separator = '~';

    /// <summary>The expiry of all rows. The rows never expire, so the cleanup of expired rows skips this table.</summary>
    public static readonly DateTimeOffset Never = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string Partition(string metric, DateOnly month) =>
        string.Create(CultureInfo.InvariantCulture, $"{metric}{Separator}{month:yyyy-MM}");

    public static string Row(string dimension, DateOnly day, string rowsId, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{dimension}{Separator}{day:yyyy-MM-dd}{Separator}{rowsId}{Separator}{part:0000}");

    /// <summary>Returns the range of the rows of a dimension, or of the totals, for some days.</summary>
    public static StateRange Range(string dimension, Period days) =>
        new(After: $"{dimension}{Separator}{Period.Text(days.From)}", Before: $"{dimension}{Separator}{Period.Text(days.To.AddDays(1))}");

    /// <summary>Parses the day and the import from a row key.</summary>
    public static (DateOnly Day, string RowsId) Read(string row)
    {
        var parts = row.Split(Separator);
        return (DateOnly.ParseExact(parts[1], "yyyy-MM-dd", CultureInfo.InvariantCulture), parts[2]);
    }
}
