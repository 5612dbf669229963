using Microsoft.Extensions.Options;

namespace RemoteMcp.Sessions;

internal sealed class SessionOptionsValidator : IValidateOptions<SessionOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionOptions options)
    {
        var problems = new List<string>();
        CheckTime(nameof(options.Lifetime), options.Lifetime, TimeSpan.FromMinutes(5), TimeSpan.FromDays(30));
        CheckTime(nameof(options.TouchInterval), options.TouchInterval, TimeSpan.Zero, options.Lifetime / 4);
        CheckTime(nameof(options.IdleInMemory), options.IdleInMemory, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1));
        CheckTime(nameof(options.EventLifetime), options.EventLifetime, TimeSpan.FromSeconds(10), TimeSpan.FromHours(24));
        CheckTime(nameof(options.EventFlush), options.EventFlush, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10));
        CheckCount(nameof(options.MaxIdleInMemory), options.MaxIdleInMemory);
        CheckCount(nameof(options.MaxNewPerMinute), options.MaxNewPerMinute);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void CheckTime(string setting, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                problems.Add($"{SessionOptions.Section}:{setting} is {value}. Set it to a time from {least} to {most}.");
            }
        }

        void CheckCount(string setting, int value)
        {
            if (value is < 1 or > 100_000)
            {
                problems.Add($"{SessionOptions.Section}:{setting} is {value}. Set it to a number from 1 to 100000.");
            }
        }
    }
}
