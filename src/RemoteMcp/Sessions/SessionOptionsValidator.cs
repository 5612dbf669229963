using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Sessions;

internal sealed class SessionOptionsValidator : IValidateOptions<SessionOptions>
{
    private const int MaxCount = 100_000;

    public ValidateOptionsResult Validate(string? name, SessionOptions options)
    {
        var errors = new SettingErrors(SessionOptions.Section);
        errors.RequireRange(nameof(options.Lifetime), options.Lifetime, TimeSpan.FromMinutes(5), TimeSpan.FromDays(30));
        errors.RequireRange(nameof(options.TouchInterval), options.TouchInterval, TimeSpan.Zero, options.Lifetime / 4);
        errors.RequireRange(nameof(options.IdleInMemory), options.IdleInMemory, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1));
        errors.RequireRange(nameof(options.EventLifetime), options.EventLifetime, TimeSpan.FromSeconds(10), TimeSpan.FromHours(24));
        errors.RequireRange(nameof(options.EventFlush), options.EventFlush, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10));
        errors.RequireRange(nameof(options.MaxIdleInMemory), options.MaxIdleInMemory, 1, MaxCount);
        errors.RequireRange(nameof(options.MaxNewPerMinute), options.MaxNewPerMinute, 1, MaxCount);
        return errors.ToResult();
    }
}
