using Microsoft.Extensions.Options;

namespace RemoteMcp.Limits;

internal sealed class LimitOptionsValidator : IValidateOptions<LimitOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var problems = new List<string>();
        Check(nameof(options.RequestsPerMinute), options.RequestsPerMinute, 1_000_000);
        Check(nameof(options.ConcurrentRequests), options.ConcurrentRequests, 10_000);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Check(string setting, int value, int most)
        {
            if (value < 1 || value > most)
            {
                problems.Add($"{LimitOptions.Section}:{setting} is {value}. Set it to a number from 1 to {most}.");
            }
        }
    }
}
