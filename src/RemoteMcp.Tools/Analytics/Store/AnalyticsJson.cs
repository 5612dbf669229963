using System.Text.Json.Serialization;

namespace RemoteMcp.Tools.Analytics.Store;

/// <summary>Serializes the bodies of the rows for <see cref="RowBody"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(DayRow))]
[JsonSerializable(typeof(ImportRecord))]
internal sealed partial class AnalyticsJson : JsonSerializerContext;
