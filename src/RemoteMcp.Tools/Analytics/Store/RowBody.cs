using System.Text.Encodings.Web;
using System.Text.Json;

namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>Writes and reads the bodies of the rows.</summary>
internal static class RowBody
{
    // The JSON is never part of an HTML page, so only the required characters are escaped: 100 characters take at most 600 bytes, and
    // mostly 100.
    private static readonly AnalyticsJson s_json = new(
        new JsonSerializerOptions(AnalyticsJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static BinaryData Write(DayRow row) => BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(row, s_json.DayRow));

    public static BinaryData Write(ImportRecord import) =>
        BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(import, s_json.ImportRecord));

    public static DayRow ReadDay(BinaryData body) => JsonSerializer.Deserialize(body.ToMemory().Span, s_json.DayRow)!;

    public static ImportRecord ReadImport(BinaryData body) => JsonSerializer.Deserialize(body.ToMemory().Span, s_json.ImportRecord)!;
}
