using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Limits;

internal sealed class LimitOptionsValidator : IValidateOptions<LimitOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var errors = new SettingErrors(LimitOptions.Section);
        errors.RequireRange(nameof(options.RequestsPerMinute), options.RequestsPerMinute, 1, 1_000_000);
        errors.RequireRange(nameof(options.ConcurrentRequests), options.ConcurrentRequests, 1, 10_000);
        return errors.ToResult();
    }
}
