using System.Globalization;
using Azure;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// The port's ETag: Azure's, with the expiry of the version that it names before it. So a conditional change knows without
/// reading whether its row has expired.
/// </summary>
internal readonly record struct RowVersion(DateTimeOffset ExpiresAt, ETag ETag)
{
    private const char Separator = '|';

    public static RowVersion Parse(string etag) =>
        etag.Split(Separator, 2) is [var ticks, var inner]
        && long.TryParse(ticks, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
        && value >= 0 && value <= DateTimeOffset.MaxValue.Ticks
            ? new(new DateTimeOffset(value, TimeSpan.Zero), new ETag(inner))
            : throw new ArgumentException("This ETag does not come from this store.", nameof(etag));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ExpiresAt.UtcTicks:x}{Separator}{ETag}");
}
