using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.Http;

namespace RemoteMcp.Limits;

internal sealed class LimitOptionsValidator(IOptions<HttpOptions> http) : IValidateOptions<LimitOptions>
{
    private const int MinRequestBytes = 8 * RequestMemory.SmallBody;
    private const int MaxRequestBytes = 1024 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var errors = new SettingErrors(LimitOptions.Section);
        errors.RequireRange(nameof(options.RequestsPerMinute), options.RequestsPerMinute, 1, 1_000_000);
        errors.RequireRange(nameof(options.ConcurrentRequests), options.ConcurrentRequests, 1, 10_000);
        var maxBody = http.Value.MaxRequestBytes;
        errors.RequireRange(
            nameof(options.RequestBytes),
            options.RequestBytes,
            Math.Max(2 * maxBody, MinRequestBytes),
            MaxRequestBytes,
            $"because one request may have {maxBody} bytes ({HttpOptions.Section}:{nameof(HttpOptions.MaxRequestBytes)}), and an eighth is "
                + $"reserved for bodies of at most {RequestMemory.SmallBody} bytes");
        errors.RequireRange(
            nameof(options.RequestBytesPerCaller),
            options.RequestBytesPerCaller,
            maxBody,
            Math.Max(maxBody, options.RequestBytes),
            $"because one request may have {maxBody} bytes ({HttpOptions.Section}:{nameof(HttpOptions.MaxRequestBytes)}), and all requests "
                + $"together {options.RequestBytes} ({nameof(options.RequestBytes)})");
        return errors.ToResult();
    }
}
