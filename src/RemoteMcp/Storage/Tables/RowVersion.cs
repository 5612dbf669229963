using System.Globalization;
using Azure;

namespace RemoteMcp.Storage.Tables;

/// <summary>
/// Represents the ETag of <c>IStateStore</c>: the expiry of the version, followed by Azure's ETag. A conditional change can
/// therefore detect that its row has expired without reading it.
/// </summary>
internal readonly record struct RowVersion(DateTimeOffset ExpiresAt, ETag ETag)
{
    private const char Separator = '|';

    public static RowVersion Parse(string etag) =>
        etag.Split(Separator, 2) is [var ticks, var inner]
        && long.TryParse(ticks, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
        && value >= 0 && value <= DateTimeOffset.MaxValue.Ticks
            ? new(new DateTimeOffset(value, TimeSpan.Zero), new ETag(inner))
            : throw new ArgumentException("This store did not create this ETag.", nameof(etag));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ExpiresAt.UtcTicks:x}{Separator}{ETag}");
}
